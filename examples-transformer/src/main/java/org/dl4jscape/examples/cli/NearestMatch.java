package org.dl4jscape.examples.cli;

import java.util.Collection;
import java.util.Locale;

/** The name that a user may have meant. */
final class NearestMatch {
    private NearestMatch() {}

    /**
     * What to add to a refusal: {@code "; did you mean --density?"}, or nothing where no name is near.
     *
     * @param given what was typed
     * @param known the names there are
     */
    static String hint(String given, Collection<String> known) {
        String best = "";
        int least = Math.max(1, given.length() / 3) + 1;
        for (String name : known) {
            int distance = distance(given.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best.isEmpty() ? "" : "; did you mean " + best + "?";
    }

    /** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other (Damerau). */
    private static int distance(String a, String b) {
        int[][] least = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                least[i][j] = i == 0 || j == 0 ? i + j : step(least, a, b, i, j);
            }
        }
        return least[a.length()][b.length()];
    }

    private static int step(int[][] least, String a, String b, int i, int j) {
        int replaced = least[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(least[i - 1][j], least[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, 1 + least[i - 2][j - 2]) : best;
    }
}
