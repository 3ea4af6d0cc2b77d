package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's host bridge is made, trips a Linux driver over its quirk, and attaches to a running machine. */
class HostBridgeGuideTest {
    @TempDir
    Path folder;

    @Test
    void bridgeMadeByTheGuideIsEnumeratedByARunningLinux() throws Exception {
        new GuideRun(folder).follow("host-bridge.md");
        String events = Files.readString(folder.resolve("events.txt"));
        assertTrue(events.contains("com.example.lanes 1.0.0, 1 devices"), events);
    }
}
