// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.BootException;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import picocli.CommandLine;

/** What a user sees of it. */
class ImageCommandTest {
  @TempDir
  Path folder;
  private final StringWriter out = new StringWriter();
  private int made;

  private int run(Object... words) {
    out.getBuffer().setLength(0);
    String[] texts = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      texts[i] = words[i].toString();
    }
    ImageCache cache = new ImageCache(folder.resolve("cache"), (image, plan, file, work, log, progress) -> made++);
    return new CommandLine(new ImageCommand(List.of(new FakeImage()), cache)).setOut(new PrintWriter(out)).setErr(new PrintWriter(out))
        .setExecutionExceptionHandler((e, line, result) -> {
          boolean users = e instanceof BadInput || e instanceof BootException;
          out.append(users ? OptionName.onCommandLine(e.getMessage()) : "a fault of ours: " + e);
          return users ? 2 : 4;
        }).execute(texts);
  }

  private void refused(String says, Object... words) {
    assertEquals(2, run(words), out.toString());
    assertTrue(out.toString().contains(says), out.toString());
    assertEquals(0, made, "something was made");
  }

  @Test
  void anImageIsMadeAndCopied() throws IOException {
    Path file = folder.resolve("disk.img");
    assertEquals(0, run("make", "fake", "--to", file), out.toString());
    assertTrue(out.toString().endsWith(file + System.lineSeparator()), out.toString());
    assertEquals(FakeImage.USUAL, Files.size(file));
    assertEquals(0, run("make", "fake", "--to", file, "--force", "--size", "5M", "--package", "a"), out.toString());
    assertEquals(5 << 20, Files.size(file));
    assertEquals(2, made);
  }

  @Test
  void whatCantBeIsRefusedBeforeAnythingIsMade() throws IOException {
    Path file = Files.writeString(folder.resolve("disk.img"), "a system");
    refused("--to '" + file + "': there is a file already", "make", "fake", "--to", file);
    assertEquals("a system", Files.readString(file));
    refused("--to '" + folder + "': a folder, not a file", "make", "fake", "--to", folder, "--force");
    refused("there is no folder " + folder.resolve("none"), "make", "fake", "--to", folder.resolve("none/disk.img"));
    refused("a device, a pipe or a socket", "make", "fake", "--to", "/dev/null", "--force");
    refused("image 'other': no such image. Images: fake", "make", "other", "--to", folder.resolve("new.img"));
    refused("--size 'big': expected for example", "make", "fake", "--to", folder.resolve("new.img"), "--size", "big");
    refused("there is no package unknown", "make", "fake", "--to", folder.resolve("new.img"), "--package", "unknown");
    for (String wrong : List.of("nothing", "=" + file, "boot/a=" + file, "/boot/../a=" + file)) {
      refused("--add-file '" + wrong + "': ", "make", "fake", "--to", folder.resolve("new.img"), "--add-file", wrong);
    }
    refused("--add-file '" + folder.resolve("none") + "': ", "make", "fake", "--to", folder.resolve("new.img"), "--add-file", "/boot/a="
        + folder.resolve("none"));
    refused("--to", "make", "fake");
    refused("list or make");
  }

  @Test
  void theListSaysWhatThereIs() {
    assertEquals(0, run("list"));
    assertTrue(out.toString().contains("fake       fetchable   an image of nothing"), out.toString());
    assertFalse(out.toString().contains("made"), out.toString());
    run("make", "fake", "--to", folder.resolve("disk.img"));
    assertEquals(0, run("list"));
    assertTrue(out.toString().contains("fake       made        an image of nothing") && out.toString().contains(folder.resolve("cache")
        .toString()), out.toString());
  }
}
