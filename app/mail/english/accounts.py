"""Mail about accounts, to whoever has one or is asked to show that an address is theirs."""

from collections.abc import Mapping

from app.mail.kinds import MailKind, Wording

ACCOUNTS: Mapping[MailKind, Wording] = {
    MailKind.CONFIRM_EMAIL: Wording(
        "Confirm your address",
        (
            "Hello,",
            "somebody, most likely you, made an AnyPeople account with this address. Confirm that it is yours, and you "
            "can sign in with it. You will be asked for the password of that account.",
            "If it was not you, do nothing: without you the account can never sign in with your address.",
        ),
        "Confirm this address",
        "/account/confirm",
    ),
    MailKind.ALREADY_REGISTERED: Wording(
        "You have an account already",
        (
            "Hello,",
            "somebody, most likely you, asked for a new AnyPeople account with this address. It has one: sign in with "
            "it, or ask for a new password where you sign in.",
            "If it was not you, there is nothing to do: nobody got into your account, and nobody was told that you "
            "have one.",
        ),
    ),
    MailKind.REGISTERED_AND_LEAVING: Wording(
        "Your account is about to be deleted",
        (
            "Hello,",
            "somebody, most likely you, asked for a new AnyPeople account with this address. It has one, whose "
            "deletion was asked for. To keep that one, take the deletion back by the link in the mail that we sent you "
            "then.",
            "To begin anew, wait until it is deleted, of which we send you word. Then sign in to the new account where "
            "you are signed in to it still, and ask for a link to confirm this address; or sign up again.",
            "If it was not you, there is nothing to do.",
        ),
    ),
    MailKind.RESET_PASSWORD: Wording(
        "Choose a new password",
        (
            "Hello {name},",
            "somebody, most likely you, asked for a new password for your AnyPeople account. The link works once, for "
            "{minutes} minutes.",
            "If it was not you, do nothing: your password stays as it is.",
        ),
        "Choose a new password",
        "/account/reset",
    ),
    MailKind.NO_ACCOUNT: Wording(
        "There is no account with this address",
        (
            "Hello,",
            "somebody, most likely you, asked for a new AnyPeople password for this address. No account has it. "
            "Perhaps you used another address, or never confirmed this one: sign up again if so.",
            "If it was not you, there is nothing to do: we keep nothing about you but this mail, for a week.",
        ),
    ),
    MailKind.PASSWORD_CHANGED: Wording(
        "Your password was changed",
        (
            "Hello {name},",
            "the password of your AnyPeople account was changed. Every device was signed out, and your API keys are "
            "revoked, and apps disconnected.",
            "If it was not you, ask for a new password where you sign in, at once, and write to us.",
        ),
    ),
    MailKind.CHANGE_EMAIL: Wording(
        "Confirm your new address",
        (
            "Hello,",
            "you asked to sign in to AnyPeople with this address from now on. The link works once, for {minutes} "
            "minutes.",
            "If it was not you, do nothing.",
        ),
        "Use this address",
        "/account/confirm",
    ),
    MailKind.EMAIL_CHANGING: Wording(
        "Your address is about to change",
        (
            "Hello {name},",
            "your AnyPeople account is about to get another address. Nothing changes before that one is confirmed.",
            "If it was not you, sign in, end all other sessions and change your password.",
        ),
    ),
    MailKind.EMAIL_CHANGED: Wording(
        "Your address was changed",
        (
            "Hello {name},",
            "your AnyPeople account has another address now. This one is no longer good for signing in.",
            "If it was not you, write to us at once.",
        ),
    ),
    MailKind.API_KEY_CREATED: Wording(
        "A new API key for your account",
        (
            "Hello {name},",
            "an API key named “{key}” was made for your AnyPeople account. Whoever has it may do this: {scopes}",
            "If it was not you, revoke it, end all other sessions and change your password.",
        ),
    ),
    MailKind.SECOND_FACTOR_ADDED: Wording(
        "An authenticator app was set up",
        (
            "Hello {name},",
            "your AnyPeople account now asks for a code of an authenticator app whenever you sign in. Keep the "
            "recovery codes that you were shown somewhere else than on that device.",
            "If it was not you, change your password, end all other sessions and write to us.",
        ),
    ),
    MailKind.PASSKEY_ADDED: Wording(
        "A passkey was added",
        (
            "Hello {name},",
            "your AnyPeople account has another passkey, which signs in without the password. The password alone does "
            "not do any more.",
            "If it was not you, change your password, end all other sessions and write to us.",
        ),
    ),
    MailKind.ONE_FACTOR_REMOVED: Wording(
        "A second factor was removed",
        (
            "Hello {name},",
            "one of the second factors of your AnyPeople account was removed; the others work as before.",
            "If it was not you, change your password, end all other sessions and write to us.",
        ),
    ),
    MailKind.SECOND_FACTOR_REMOVED: Wording(
        "Your second factor was removed",
        (
            "Hello {name},",
            "your AnyPeople account asks for nothing but the password now. The recovery codes do not work any more.",
            "If it was not you, change your password, end all other sessions and write to us.",
        ),
    ),
    MailKind.SECOND_FACTOR_FAILED: Wording(
        "Somebody has your password",
        (
            "Hello {name},",
            "somebody gave the right password of your AnyPeople account, and then too many wrong codes. They did not "
            "get in.",
            "If it was not you, ask for a new password where you sign in, at once.",
        ),
    ),
    MailKind.RECOVERY_CODE_USED: Wording(
        "A recovery code was used",
        (
            "Hello {name},",
            "somebody, most likely you, used a recovery code of your AnyPeople account. It works no more; {left} are "
            "left. The page of your account makes ten others.",
            "If it was not you, ask for a new password where you sign in, at once, and write to us.",
        ),
    ),
    MailKind.RECOVERY_CODES_RENEWED: Wording(
        "You have new recovery codes",
        (
            "Hello {name},",
            "ten new recovery codes were made for your AnyPeople account. Those of before work no more.",
            "If it was not you, ask for a new password where you sign in, at once, and write to us.",
        ),
    ),
    MailKind.RECOVERY_STARTED: Wording(
        "Your second factor will be removed",
        (
            "Hello {name},",
            "somebody, most likely you, said that the second factor of your AnyPeople account is lost. On {ends} it "
            "will be removed, with its recovery codes: from then on the password is enough, and a forgotten one can be "
            "changed. Nothing is left to do until then.",
            "If it was not you, stop this with the link, or by signing in with your second factor, and change the "
            "password of this mailbox: somebody else reads it.",
        ),
        "Stop this: it was not me",
        "/account/keep",
    ),
    MailKind.RECOVERY_CANCELED: Wording(
        "Your second factor stays",
        (
            "Hello {name},",
            "the recovery of your AnyPeople account was stopped, or was not needed after all. Your second factor and "
            "your recovery codes work as before.",
        ),
    ),
    MailKind.RECOVERY_FINISHED: Wording(
        "Your second factor was removed",
        (
            "Hello {name},",
            "the waiting time is over: your AnyPeople account asks for the password only, and every device was signed "
            "out. If you do not know the password any more, ask for a new one where you sign in. Then set up a second "
            "factor again.",
            "If it was not you, ask for a new password at once, and write to us.",
        ),
    ),
    MailKind.APP_CONNECTED: Wording(
        "An app was let into your account",
        (
            "Hello {name},",
            "the app “{app}” was let into your AnyPeople account. It may do this: {scopes}",
            "If it was not you, disconnect the app, end all sessions and change your password.",
        ),
    ),
    MailKind.IDENTITY_LINKED: Wording(
        "Another way in to your account",
        (
            "Hello {name},",
            "your account at {provider} was linked to your AnyPeople account: whoever signs in there can sign in here.",
            "If it was not you, unlink it, end all sessions and change your password.",
        ),
    ),
    MailKind.IDENTITY_UNLINKED: Wording(
        "A way in to your account was removed",
        (
            "Hello {name},",
            "your account at {provider} was unlinked from your AnyPeople account: sign in the other ways that you have "
            "set up.",
            "If it was not you, end all sessions, change your password and link it again.",
        ),
    ),
}
