package org.xenolith.it.product;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.regex.Pattern;

/** Kernel log lines. */
public final class LogLines {
    private static final Pattern COMPLAINT = Pattern.compile("WARNING:|BUG:|Unable to handle|rcu: INFO|Oops|Call trace:|synchronous external abort");
    private static final Pattern STAMP = Pattern.compile("^(?:<\\d+>)?\\[ *\\d+\\.\\d+\\] ?");

    private LogLines() {}

    /** Fails when a kernel complained of anything. */
    public static void assertNoComplaint(String log) {
        assertEquals(List.of(), log.lines().filter(line -> COMPLAINT.matcher(line).find()).toList(), "the kernel complained");
    }

    /** Lines without their time stamps. */
    public static List<String> withoutStamps(List<String> lines) {
        return lines.stream().map(line -> STAMP.matcher(line).replaceFirst("").stripTrailing()).toList();
    }
}
