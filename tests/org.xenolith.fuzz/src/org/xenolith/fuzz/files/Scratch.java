// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder for readers that take files only, used again for every input; it goes when Java ends. */
final class Scratch {
  private final Map<String, FileChannel> open = new HashMap<>();
  private final Map<String, byte[]> written = new HashMap<>();
  private Path folder;

  /** The folder, made if need be. */
  Path folder() {
    if (folder == null) {
      try {
        folder = Files.createTempDirectory("xenolith-fuzz");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Path made = folder;
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(made)));
    }
    return folder;
  }

  /** Writes a file of the folder; opening one costs more than most readers, so they stay open and what stays the same stays. */
  Path write(String name, byte[] content) {
    Path file = folder().resolve(name);
    try {
      byte[] before = written.put(name, content);
      if (before == null || !Arrays.equals(before, content)) {
        FileChannel channel = open.get(name);
        if (channel == null) {
          channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          open.put(name, channel);
        }
        channel.truncate(content.length);
        for (ByteBuffer rest = ByteBuffer.wrap(content); rest.hasRemaining();) {
          channel.write(rest, rest.position());
        }
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes something of the folder. */
  void clear(String name) {
    remove(folder().resolve(name));
  }

  /** What is in the folder but for these, one line each. */
  List<String> left(String... expected) {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(file -> file.getFileName().toString()).filter(name -> !List.of(expected).contains(name)).sorted()
          .map(name -> "a file was left: " + name).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
