// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.machine.control.LiveChange;

class RecordedBundlesTest {
  private static final String DEVICE = "org.x.device";
  @TempDir
  private Path folder;
  private final List<String> told = new ArrayList<>();
  private final Bundles bundles = new Bundles();

  /** Bundles whose jar is their version. */
  private static final class Bundles implements LiveChange {
    final Map<String, String> installed = new TreeMap<>();

    private Change put(String name, InputStream jar) throws IOException {
      installed.put(name, new String(jar.readAllBytes(), StandardCharsets.UTF_8));
      return new Change(true, name, installed.get(name), 0, 0, "");
    }

    @Override
    public Change replace(String symbolicName, InputStream jar) throws IOException {
      return put(symbolicName, jar);
    }

    @Override
    public Change remove(String symbolicName) {
      installed.remove(symbolicName);
      return new Change(true, symbolicName, "", 0, 0, "");
    }

    @Override
    public Change add(InputStream jar) throws IOException {
      return put(DEVICE, jar);
    }

    @Override
    public byte[] content(String symbolicName) {
      return installed.get(symbolicName).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void begin(Path journal, Consumer<String> hears) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean installed(String symbolicName) {
      return installed.containsKey(symbolicName);
    }
  }

  private String carried(String version) throws Exception {
    byte[] jar = version.getBytes(StandardCharsets.UTF_8);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(jar));
    Files.createDirectories(folder.resolve("run.jars"));
    Files.write(folder.resolve("run.jars/" + sha256), jar);
    return version + " " + sha256 + " run.jars/" + sha256;
  }

  private void install(String... lines) throws IOException {
    Path journal = folder.resolve("run");
    Files.writeString(journal, "xenolith-journal 2\ntopology 0\n" + String.join("\n", lines) + "\n");
    new RecordedBundles(journal, bundles, told::add).install();
  }

  @Test
  void aBundleIsWhatItWasBeforeItsFirstChange() throws Exception {
    bundles.installed.put(DEVICE, "3");
    install("5 5 input serial / -", "7 7 replace " + DEVICE + " " + carried("2") + " " + carried("1"), "9 9 replace " + DEVICE + " "
        + carried("3") + " " + carried("2"));
    assertEquals(Map.of(DEVICE, "1"), bundles.installed);
    assertEquals(1, told.size());
    assertTrue(told.getFirst().startsWith("the recorded run began with org.x.device 1, which the recording carries"), told::toString);
  }

  @Test
  void oneThatIsTheSameStays() throws Exception {
    bundles.installed.put(DEVICE, "1");
    install("7 7 replace " + DEVICE + " " + carried("2") + " " + carried("1"));
    assertEquals(List.of(), told);
  }

  @Test
  void oneThatWasRemovedIsThereAgainAndOneThatWasAddedIsNot() throws Exception {
    install("7 7 remove " + DEVICE + " 1 - - " + carried("1"));
    assertEquals(Map.of(DEVICE, "1"), bundles.installed);
    told.clear();
    install("7 7 add " + DEVICE + " " + carried("1"));
    assertEquals(Map.of(), bundles.installed);
    assertEquals(List.of("org.x.device is taken out: the recorded run began without it"), told);
  }

  @Test
  void aRecordingOfBeforeSaysNothingOfIt() throws Exception {
    bundles.installed.put(DEVICE, "3");
    install("7 7 replace " + DEVICE + " " + carried("2"), "damaged", "1 2 replace");
    assertEquals(Map.of(DEVICE, "3"), bundles.installed);
  }

  @Test
  void whatCannotBeHadIsRefusedByName() throws Exception {
    bundles.installed.put(DEVICE, "3");
    String line = "7 7 replace " + DEVICE + " " + carried("2") + " ";
    refused(line + "1 ab -", "the run began with org.x.device 1: the recording doesn't carry the jar of org.x.device 1");
    refused(line + "1 ab run.jars/none", "run.jars/none is missing: the jar of the recording");
    refused(line + "1 ab " + carried("1").split(" ")[2], "not the jar of the recording");
    assertEquals(Map.of(DEVICE, "3"), bundles.installed);
  }

  private void refused(String line, String part) {
    String message = assertThrows(IOException.class, () -> install(line)).getMessage();
    assertTrue(message.contains(part), message);
  }
}
