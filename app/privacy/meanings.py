"""What happens when somebody asks for a right, in the words of the pages that ask them whether they want it."""

from collections.abc import Mapping

from app.core.privacy_rights import PrivacyRight

MEANINGS: Mapping[PrivacyRight, str] = {
    PrivacyRight.ACCESS: "You get a copy of everything that we hold about you, to read in a browser, and are told "
    "what it is used for and who got it.",
    PrivacyRight.PORTABILITY: "You get your data in files that other services can read.",
    PrivacyRight.RECTIFICATION: "What is wrong about you is corrected. What you cannot change yourself, a person does.",
    PrivacyRight.ERASURE: "Your account is closed, and everything that belongs to it is deleted: pictures, prompts, "
    "letters. It cannot be brought back. What a law has us keep stays, and leads to nobody.",
    PrivacyRight.RESTRICTION: "Your data is stored, and used for nothing but what you do here yourself and what "
    "the law asks: nobody else sees your pictures. It lasts until it is settled, and you are told before it ends.",
    PrivacyRight.OBJECTION: "Your data is not used any more for what rests on an interest of ours: numbers about the "
    "service, and training of models.",
    PrivacyRight.WITHDRAW_CONSENT: "Every consent that you gave ends. What was done before stays lawful.",
    PrivacyRight.KNOW: "You are told which kinds of data we collect, where from, what for, and who gets them.",
    PrivacyRight.OPT_OUT_OF_SALE: "Nothing is sold, or shared for advertising, and you get the proof of it.",
    PrivacyRight.LIMIT_SENSITIVE: "Faces in your reference pictures, and what else the law calls sensitive, are used "
    "for nothing but what you ask of us.",
}
