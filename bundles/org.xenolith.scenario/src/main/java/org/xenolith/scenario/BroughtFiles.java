package org.xenolith.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
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
      Path path = script.folder().resolve(file.name());
      Files.createDirectories(script.folder());
      Path part = Files.createTempFile(script.folder(), file.name(), ".part");
      Files.write(part, content);
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
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
