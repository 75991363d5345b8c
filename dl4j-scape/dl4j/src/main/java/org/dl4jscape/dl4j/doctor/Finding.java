package org.dl4jscape.dl4j.doctor;

/**
 * What one check has found.
 *
 * @param level how bad it is
 * @param subject what was looked at, a few words
 * @param found what is there, with its value
 * @param remedy what to do; empty where nothing is to be done
 */
public record Finding(Level level, String subject, String found, String remedy) {
    /** How bad a finding is, the best first. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Training works, but slower or with less safety than it could. */
        WARNING,
        /** Training will not start, or will fail. */
        PROBLEM
    }

    static Finding ok(String subject, String found) {
        return new Finding(Level.OK, subject, found, "");
    }

    static Finding warning(String subject, String found, String remedy) {
        return new Finding(Level.WARNING, subject, found, remedy);
    }

    static Finding problem(String subject, String found, String remedy) {
        return new Finding(Level.PROBLEM, subject, found, remedy);
    }
}
