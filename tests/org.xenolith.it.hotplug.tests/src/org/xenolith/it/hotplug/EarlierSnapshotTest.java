// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.console.api.SerialPort;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/**
 * A snapshot that an earlier build has made, kept as data, goes on as it did with that build. Who changes the fields of a record says how
 * earlier ones are taken ({@code DeviceState.added}, {@code renamed}, {@code dropped}); who can't must refuse them by another format, and
 * then this is the place to see with which words.
 */
@FullLane
class EarlierSnapshotTest {
  private static final String RECORDED = "snapshot-2026-11-30.txt";
  /** What the build that made it came to. */
  private static final long INSTRUCTIONS = 9005;
  private static final String LAST = "tick 10\nXENOLITH-MARKER up=0.50\nXENOLITH-DONE up=0.50\n";

  @TempDir
  Path folder;

  @BeforeEach
  void unpack() throws IOException {
    try (InputStream in = EarlierSnapshotTest.class.getResourceAsStream(RECORDED)) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().filter(line -> !line.startsWith("#")).collect(
          Collectors
              .joining());
      ZipInputStream files = new ZipInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)));
      for (ZipEntry file; (file = files.getNextEntry()) != null;) {
        Files.write(folder.resolve(file.getName()), files.readAllBytes());
      }
    }
  }

  private Launch load(RequestBuilder request) {
    return InstalledProduct.get().service(Launcher.class).launch(request.build(), line -> {}, (kind, place, text) -> {});
  }

  @Test
  void aSnapshotOfAnEarlierBuildGoesOn() {
    try (Launch launch = load(RequestBuilder.ofSnapshot(folder))) {
      GuestConsole console = new GuestConsole();
      launch.machine().port(launch.console(), SerialPort.class).connect(console);
      assertEquals(StopReason.POWER_OFF, launch.machine().run(new RunLimit(10_000_000_000L, Long.MAX_VALUE)), console::text);
      assertEquals(INSTRUCTIONS, launch.machine().instructions());
      assertTrue(console.text().endsWith(LAST), console.text());
    }
  }

  @Test
  void whatItDoesNotHoldIsMissedOnlyByWhoAsksForIt() {
    String says = assertThrows(BadInput.class, () -> load(RequestBuilder.ofSnapshot(folder).bootsAgain(true))).getMessage();
    assertTrue(says.contains("so that what is to be booted isn't in it"), says);
  }

  /** The form before digests were in all files. */
  @Test
  void aSnapshotOfABuildBeforeThatIsRefused() throws IOException {
    Files.writeString(folder.resolve("boot.txt"), "guest tiny\n");
    String says = assertThrows(BadInput.class, () -> load(RequestBuilder.ofSnapshot(folder))).getMessage();
    assertTrue(says.endsWith("or was made by an earlier version"), says);
    Path manifest = folder.resolve("manifest.txt");
    Files.writeString(manifest, Files.readString(manifest).replaceFirst("xenolith-snapshot 3", "xenolith-snapshot 2"));
    unpackAllBut("manifest.txt");
    says = assertThrows(BadInput.class, () -> load(RequestBuilder.ofSnapshot(folder))).getMessage();
    assertTrue(says.endsWith(
        "format 2 is of an earlier version of Xenolith, this one reads format 3; boot and save anew, or use that version"), says);
  }

  private void unpackAllBut(String name) throws IOException {
    byte[] kept = Files.readAllBytes(folder.resolve(name));
    unpack();
    Files.write(folder.resolve(name), kept);
  }
}
