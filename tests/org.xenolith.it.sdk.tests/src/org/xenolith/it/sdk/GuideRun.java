// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xenolith.it.sdk.Guide.Block;
import org.xenolith.it.sdk.Guide.Kind;

/** Does what a guide says, block by block, in a folder outside the tree. */
final class GuideRun {
  private static final long MOST_MINUTES = 5;
  private final Path folder;

  GuideRun(Path folder) {
    this.folder = folder;
  }

  /** Follows a guide to its end; each output block must be what the script before it printed. */
  void follow(String name) throws Exception {
    Guide guide = Guide.read(root().resolve("docs/guides").resolve(name));
    String printed = "";
    for (Block block : guide.blocks()) {
      switch (block.kind()) {
        case FILE -> write(block);
        case SCRIPT -> printed = run(block);
        case OUTPUT -> assertEquals(block.text(), printed, "output that the guide shows in line " + block.line() + seen());
      }
    }
    assertTrue(guide.blocks().stream().anyMatch(b -> b.kind() == Kind.OUTPUT), "the guide shows nothing that could be wrong");
  }

  private void write(Block block) throws IOException {
    Path file = folder.resolve(block.name()).normalize();
    assertTrue(file.startsWith(folder), block.name());
    Files.createDirectories(file.getParent());
    Files.writeString(file, block.text());
  }

  private String run(Block block) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors-of-line-" + block.line() + ".txt");
    Path output = folder.resolve("output-of-line-" + block.line() + ".txt");
    ProcessBuilder shell = new ProcessBuilder(List.of("bash", "-euo", "pipefail", "-c", block.text()))
        .directory(folder.toFile()).redirectOutput(output.toFile()).redirectError(errors.toFile());
    shell.environment().put("XENOLITH", root().toString());
    shell.environment().put("XENOLITH_NO_BUILD", "1");
    // Of a boot of Debian, 15 s of CPU time with the second compiler and 8 s without: what it makes isn't used for long.
    shell.environment().put("XENOLITH_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    shell.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = shell.start();
    process.getOutputStream().close();
    if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("the block in line " + block.line() + " runs for ever" + said(output, errors) + seen());
    }
    assertEquals(0, process.exitValue(), "exit code of the block in line " + block.line() + said(output, errors) + seen());
    return Files.readString(output);
  }

  private static String said(Path output, Path errors) throws IOException {
    return "\n" + Files.readString(output) + Files.readString(errors);
  }

  /** What the machine told, for whoever has to find out why it went wrong. */
  private String seen() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : List.of("console.txt", "events.txt", "quirk.txt", "quirk-events.txt", "off.txt", "off-events.txt",
        "dom0-events.txt")) {
      if (Files.exists(folder.resolve(name))) {
        String text = new String(Files.readAllBytes(folder.resolve(name)), StandardCharsets.UTF_8);
        all.append('\n').append(name).append(":\n").append(text, Math.max(0, text.length() - 3000), text.length());
      }
    }
    return all.toString();
  }

  /** The checkout; the build gives it. */
  static Path root() {
    String root = System.getProperty("xenolith.root");
    if (root == null) {
      throw new IllegalStateException("The system property xenolith.root does not name the checkout");
    }
    return Path.of(root);
  }
}
