// The whole of a person's story through aws-amplify.

import { Amplify } from 'aws-amplify';
import {
  confirmSignUp, fetchAuthSession, fetchUserAttributes, rememberDevice, setUpTOTP, signIn, signOut, signUp,
  updateMFAPreference, verifyTOTPSetup,
} from 'aws-amplify/auth';
import { clientId, done, email, name, oneTimePassword, password, sentCode, url, userPoolId } from './server.mjs';

// Amplify names the device it confirms by the browser's description, which Node.js 20 lacks.
globalThis.navigator ??= { userAgent: 'node', platform: process.platform };

Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: url } } });

await signUp({ username: name, password, options: { userAttributes: { email } } });
done('sign up');

await confirmSignUp({ username: name, confirmationCode: await sentCode() });
done('confirm');

await expectStep(signIn({ username: name, password }), 'DONE');
done('sign in by SRP');

const { sharedSecret } = await setUpTOTP();
await verifyTOTPSetup({ code: await oneTimePassword(sharedSecret) });
await updateMFAPreference({ totp: 'PREFERRED' });
done('set up one-time passwords');

await rememberDevice();
done('remember the device');

const before = (await fetchAuthSession()).tokens.accessToken.toString();
const after = (await fetchAuthSession({ forceRefresh: true })).tokens.accessToken.toString();
if (before === after) throw new Error('the access token was not refreshed');
done('refresh');

if ((await fetchUserAttributes()).email !== email) throw new Error('no e-mail address');
done('read attributes');

await signOut();
await expectStep(signIn({ username: name, password }), 'DONE');
done('sign in on the remembered device');

await signOut({ global: true });
done('sign out everywhere');

async function expectStep(promise, step) {
  const { nextStep } = await promise;
  if (nextStep.signInStep !== step) throw new Error(`${step} was expected, not ${nextStep.signInStep}`);
}
