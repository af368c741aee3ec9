//! The causes of a mismatch, with a sentence and a remedy for each.

use core::fmt;

macro_rules! causes {
    ($($variant:ident, $name:literal, $sentence:literal, $remedy:literal;)*) => {
        /// The likely cause of a signature mismatch.
        ///
        /// `Display` prints a sentence, [`as_str`](Self::as_str) returns a stable name, and
        /// [`remedy`](Self::remedy) returns the next step.
        ///
        /// # Examples
        /// ```
        /// use hubseal::diagnose::Cause;
        ///
        /// let cause = Cause::SignatureMissing;
        /// assert_eq!(cause.as_str(), "signature_missing");
        /// assert_eq!(cause.to_string(), "the request has no X-Hub-Signature-256 header");
        /// assert_eq!(
        ///     cause.remedy(),
        ///     "Let every proxy forward the header. If no proxy removes it, the request is not from Meta.",
        /// );
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Cause {
            $(
                #[doc = concat!("`", $name, "`: ", $sentence, ". ", $remedy)]
                $variant,
            )*
        }

        impl Cause {
            /// All causes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name of the cause, in `snake_case`.
            ///
            /// The name does not change between versions.
            ///
            /// # Examples
            /// ```
            /// assert_eq!(hubseal::diagnose::Cause::BodyEmpty.as_str(), "body_empty");
            /// ```
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Returns the next step, as one or two sentences.
            ///
            /// # Examples
            /// ```
            /// assert_eq!(
            ///     hubseal::diagnose::Cause::JsonRewritten.remedy(),
            ///     "Pass the raw body to hubseal. Do not parse it and write it again.",
            /// );
            /// ```
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self {
                    $(Self::$variant => $remedy,)*
                }
            }

            const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$variant => $sentence,)*
                }
            }
        }
    };
}

causes! {
    Matches, "matches",
        "the signature matches this body under the configured secret",
        "Compare this body and this secret with those of the running service.";

    SignatureMissing, "signature_missing",
        "the request has no X-Hub-Signature-256 header",
        "Let every proxy forward the header. If no proxy removes it, the request is not from Meta.";
    SignatureSha1Only, "signature_sha1_only",
        "the request has only X-Hub-Signature, the old header with SHA-1",
        "Make the proxy or the test tool send X-Hub-Signature-256 too. hubseal does not accept SHA-1.";
    OtherScheme, "other_scheme",
        "the request has the signature header of another scheme than Meta's",
        "Set the scheme of this platform. The diagnosis knows the scheme of Meta and GitHub only.";
    SignatureRepeated, "signature_repeated",
        "the request has several X-Hub-Signature-256 headers",
        "Remove the header that a proxy or the test tool adds.";
    SignatureMalformed, "signature_malformed",
        "the signature header is not `sha256=` and 64 hexadecimal digits",
        "Pass the header value unchanged, without quotes and with its prefix.";

    OtherSecret, "other_secret",
        "the signature matches another secret than the configured one",
        "Add this secret to the `KeyRing`, or configure it instead.";
    VerifyTokenAsSecret, "verify_token_as_secret",
        "the verify token is used as the app secret",
        "Configure the app secret on both sides. The verify token signs nothing.";
    AccessTokenAsSecret, "access_token_as_secret",
        "an access token is used as the app secret",
        "Configure the app secret on both sides. An access token signs nothing.";
    SecretWrapped, "secret_wrapped",
        "the configured secret has white space, quotes or a variable name around it",
        "Remove everything around the secret.";
    SecretHexDecoded, "secret_hex_decoded",
        "the receiver or the sender decoded the secret from hexadecimal digits",
        "Use the text of the secret as the key. Do not decode it.";
    SecretBase64, "secret_base64",
        "the configured secret is the base64 encoding of the secret",
        "Configure the decoded secret. In Kubernetes, use `stringData`, or encode once for `data`.";
    SecretRefused, "secret_refused",
        "`AppSecret::meta` refuses the configured secret",
        "For Meta, copy the secret from App Dashboard > App settings > Basic. For GitHub, ignore this clue.";

    BodyNewline, "body_newline",
        "the body gained or lost a newline at its end, or its line endings were converted",
        "Pass the body unchanged. In a shell, use printf and curl --data-binary.";
    BodyByteOrderMark, "body_byte_order_mark",
        "the body gained or lost a byte-order mark",
        "Pass the body as bytes. Do not decode it to text.";
    JsonRewritten, "json_rewritten",
        "the JSON of the body was parsed and written again",
        "Pass the raw body to hubseal. Do not parse it and write it again.";
    JsonKeysSorted, "json_keys_sorted",
        "the keys of the body are sorted, so its JSON was probably parsed and written again",
        "Pass the raw body to hubseal. Do not parse it and write it again.";
    EscapesDecoded, "escapes_decoded",
        "characters of the body were escaped when it was signed",
        "Pass the raw body to hubseal. Keep escapes such as `\\u00e4` and `\\/`: Meta signs them.";
    EscapesAdded, "escapes_added",
        "characters of the body are escaped that were not when it was signed",
        "Pass the raw body to hubseal. Do not escape its characters.";
    BodyBase64, "body_base64",
        "the body is the base64 encoding of the signed body",
        "Call `Verifier::verify_base64`, or turn off base64 in the gateway.";
    BodyBase64Decoded, "body_base64_decoded",
        "the base64 encoding of the body was signed",
        "Make the sender sign the body itself, or pass the encoded body.";
    BodyInJsonString, "body_in_json_string",
        "the body is a JSON string that contains the signed body",
        "Pass the contents of the string. Do not serialise the body again.";
    BodyEmpty, "body_empty",
        "the body is empty",
        "Find the code that reads the body before hubseal, and put hubseal before it.";
    BodyTruncated, "body_truncated",
        "the body is shorter than its `Content-Length`, or its JSON is incomplete",
        "Raise the limit or the timeout that cut the body. Meta sends up to 3 MB.";
    BodyLengthChanged, "body_length_changed",
        "the body is complete, but its length differs from its `Content-Length`",
        "Pass the raw body to hubseal. Put hubseal before everything that changes the body.";
    ContentEncoded, "content_encoded",
        "the body is compressed, or its headers say that it was",
        "Turn off the compression of requests. Meta signs plain bytes.";

    NothingMatches, "nothing_matches",
        "no variant matches: the signature is of another body or another app",
        "Try the secret of each of your apps with `Diagnose::add_secret`, and capture the body again.";
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}
