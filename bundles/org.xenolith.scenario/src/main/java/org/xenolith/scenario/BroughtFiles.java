// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.scenario.file.Script;
import org.xenolith.scenario.file.ScriptFile;

/** Writes the files that a scenario brings along. Each appears at once: another run of the same scenario may be reading it. */
final class BroughtFiles {
  private final Services services;
  private final RunOptions options;
  private final Map<String, GuestImage> guests = new HashMap<>();

  BroughtFiles(Services services, RunOptions options) {
    this.services = services;
    this.options = options;
  }

  void write(Script script) throws IOException {
    for (ScriptFile file : script.files()) {
      byte[] content = content(file);
      Files.createDirectories(script.folder());
      Path path = script.folder().resolve(file.name());
      if (Files.isRegularFile(path) && Files.size(path) == content.length && Arrays.equals(Files.readAllBytes(path), content)) {
        continue;
      }
      if (file instanceof ScriptFile.GuestPart) {
        link(shared(script.folder().resolveSibling("parts"), content), path);
      } else {
        put(content, path);
      }
    }
  }

  private static void put(byte[] content, Path path) throws IOException {
    Path part = Files.createTempFile(path.getParent(), path.getFileName().toString(), ".part");
    Files.write(part, content);
    Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** A kernel lies in the cache once, for all scenarios: a file that its content names. */
  private static Path shared(Path parts, byte[] content) throws IOException {
    try {
      String name = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
      Path file = Files.createDirectories(parts).resolve(name);
      if (!Files.isRegularFile(file) || Files.size(file) != content.length) {
        put(content, file);
      }
      return file;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static void link(Path shared, Path path) throws IOException {
    try {
      Path part = path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid() + ".link");
      Files.deleteIfExists(part);
      Files.createLink(part, shared);
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (UnsupportedOperationException | FileSystemException e) {
      put(Files.readAllBytes(shared), path); // a file system without links
    }
  }

  private byte[] content(ScriptFile file) {
    return switch (file) {
      case ScriptFile.Text text -> text.text().getBytes(StandardCharsets.UTF_8);
      case ScriptFile.RandomBytes random -> {
        byte[] bytes = new byte[(int) random.size()];
        new Random(random.seed()).nextBytes(bytes);
        yield bytes;
      }
      case ScriptFile.GuestPart part -> {
        GuestImage guest = guests.computeIfAbsent(part.guest(), this::guest);
        yield part.kernel() ? guest.kernel() : guest.initrd()
            .orElseThrow(() -> new BadInput("guest " + part.guest() + " has no first root file system"));
      }
    };
  }

  private GuestImage guest(String name) {
    GuestSource source = services.guests().stream().filter(guest -> guest.name().equals(name)).findFirst()
        .orElseThrow(() -> new BadInput("guest '" + name + "': no such guest. Guests: " + services.guests().stream()
            .map(GuestSource::name).sorted().collect(Collectors.joining(", "))));
    try {
      return source.obtain(options.progress(), GuestRequest.PLAIN);
    } catch (BootException e) {
      throw new BadInput("guest " + name + ": " + e.getMessage());
    }
  }
}
