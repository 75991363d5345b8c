package org.dl4jscape.aeron.rendezvous;

/** What came was not made by somebody who knows the secret of this side. */
final class ForgedMessageException extends MalformedMessageException {
    private static final long serialVersionUID = 1L;

    ForgedMessageException() {
        super("a frame has a wrong HMAC");
    }
}
