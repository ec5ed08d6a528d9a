"""Velocity templates, as far as API Gateway's mapping templates use them: compiled once, rendered with plain values.

```python
parse_template('#foreach($name in $names)"$name"#if($foreach.hasNext), #end#end').render({"names": ["Ann", "Bob"]})
```

A template reaches nothing but the values it is given: a property is a member of a map or of a `TemplateObject`, and the
methods of texts, lists and maps are those of `methods.py`.

Source: Apache Velocity Engine 1.7, "VTL Reference"; API Gateway Developer Guide, "Mapping template reference".
"""

from idp.domain.velocity.errors import MalformedTemplate, TemplateFailed
from idp.domain.velocity.nodes import Template
from idp.domain.velocity.parsing import parse_template
from idp.domain.velocity.values import TemplateObject

__all__ = ["MalformedTemplate", "Template", "TemplateFailed", "TemplateObject", "parse_template"]
