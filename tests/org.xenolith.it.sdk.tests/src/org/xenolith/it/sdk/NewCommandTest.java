package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code new} puts in what it is told, and refuses what it can't do without leaving anything. */
class NewCommandTest {
    @TempDir
    Path folder;

    private int run(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(GuideRun.root().resolve("xenolith").toString(), "new"));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("said.txt").toFile()).start().waitFor();
    }

    @Test
    void namesArePutInEverywhere() throws Exception {
        assertEquals(0, run("host-bridge", "acme-root", "--to", "models", "--vendor", "acme", "--package", "org.acme.pci", "--driver"));
        Path component = folder.resolve("models/acme-root/src/main/java/org/acme/pci/AcmeRootComponent.java");
        assertTrue(Files.readString(component).contains("xenolith.compatible=acme,acme-root"));
        assertTrue(Files.exists(folder.resolve("models/acme-root-driver/src/main/java/org/acme/pci/driver/AcmeRootDriver.java")));
        try (Stream<Path> files = Files.walk(folder.resolve("models"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertTrue(!Files.readString(file).matches("(?s).*@(NAME|CLASS|VENDOR|PACKAGE)@.*"), file.toString());
            }
        }
        assertTrue(Files.isExecutable(folder.resolve("models/acme-root/board")));
    }

    @Test
    void whatCannotBeDoneIsRefused() throws Exception {
        for (List<String> wrong : List.of(List.of("toaster", "a"), List.of("host-bridge"), List.of("host-bridge", "Acme"),
                List.of("host-bridge", "a/b"), List.of("host-bridge", "acme", "--package", "Acme"), List.of("host-bridge", "acme", "--to"),
                List.of("host-bridge", "acme", "--frobnicate"))) {
            assertEquals(2, run(wrong.toArray(String[]::new)), wrong.toString());
            try (Stream<Path> left = Files.list(folder)) {
                assertEquals(1, left.count(), wrong.toString());
            }
        }
        assertEquals(0, run("host-bridge", "acme"));
        assertEquals(2, run("host-bridge", "acme"), "the folder is there already");
    }
}
