// The whole of a person's story through amazon-cognito-identity-js.

import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
} from 'amazon-cognito-identity-js';
import {
  clientId, done, email, name, oneTimePassword, password, sentCode, url, userPoolId, waitForTheNextOneTimePassword,
} from './server.mjs';

class MemoryStorage {
  #items = new Map();
  setItem(key, value) { this.#items.set(key, value); }
  getItem(key) { return this.#items.get(key) ?? null; }
  removeItem(key) { this.#items.delete(key); }
  clear() { this.#items.clear(); }
}

const here = new MemoryStorage();

function userOn(storage) {
  const pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint: url, Storage: storage });
  return new CognitoUser({ Username: name, Pool: pool, Storage: storage });
}

/** Call a method whose last argument is (error, result). */
function call(object, method, ...given) {
  return new Promise((resolve, reject) => {
    object[method](...given, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** Call a method that takes {onSuccess, onFailure, …}; the further handlers name what may be asked. */
function ask(object, method, given, handlers = {}) {
  return new Promise((resolve, reject) => {
    const asked = Object.fromEntries(
      Object.entries(handlers).map(([key, answer]) => [key, (...args) => answer(...args, { onSuccess: resolve, onFailure: reject })]),
    );
    object[method](...given, { onSuccess: resolve, onFailure: reject, ...asked });
  });
}

function signIn(user, handlers) {
  const details = new AuthenticationDetails({ Username: name, Password: password });
  return ask(user, 'authenticateUser', [details], handlers);
}

const pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint: url, Storage: here });
await call(pool, 'signUp', name, password, [new CognitoUserAttribute({ Name: 'email', Value: email })], null);
done('sign up');

await call(userOn(here), 'confirmRegistration', await sentCode(), false);
done('confirm');

const user = userOn(here);
await signIn(user);
done('sign in by SRP');

const secret = await new Promise((resolve, reject) => {
  user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject });
});
await ask(user, 'verifySoftwareToken', [await oneTimePassword(secret), 'phone']);
await call(user, 'setUserMfaPreference', null, { PreferredMfa: true, Enabled: true });
done('set up one-time passwords');

await ask(user, 'setDeviceStatusRemembered', []);
done('remember the device');

user.signOut();
await signIn(userOn(here), { totpRequired: () => { throw new Error('the remembered device was asked for a one-time password'); } });
done('sign in on the remembered device');

await waitForTheNextOneTimePassword();
const elsewhere = userOn(new MemoryStorage());
await signIn(elsewhere, {
  totpRequired: async (challenge, parameters, callback) => {
    elsewhere.sendMFACode(await oneTimePassword(secret), callback, 'SOFTWARE_TOKEN_MFA');
  },
});
done('sign in elsewhere by one-time password');

const session = await call(elsewhere, 'getSession');
const refreshed = await call(elsewhere, 'refreshSession', session.getRefreshToken());
if (!refreshed.isValid()) throw new Error('the refreshed session is not valid');
done('refresh');

const attributes = await call(elsewhere, 'getUserAttributes');
if (!attributes.some((each) => each.getName() === 'email' && each.getValue() === email)) throw new Error('no e-mail address');
done('read attributes');

await ask(elsewhere, 'globalSignOut', []);
done('sign out everywhere');
