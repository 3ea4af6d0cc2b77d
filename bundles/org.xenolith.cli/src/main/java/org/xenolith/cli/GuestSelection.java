package org.xenolith.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;

/** Finds the software that the command line names, or the best that can be had. */
final class GuestSelection {
  /** Tried in this order when the user names none. */
  private static final List<String> PREFERENCE = List.of("debian", "tiny");
  private final Installed installed;
  private final PrintWriter err;

  GuestSelection(Installed installed, PrintWriter err) {
    this.installed = installed;
    this.err = err;
  }

  GuestImage choose(BootCommand wish) {
    if (wish.kernel != null) {
      return new GuestImage("kernel", read("--kernel", wish.kernel), initrd(wish), "", List.of(), Optional.empty());
    }
    GuestImage image = wish.guest == null ? best(wish) : named(wish);
    return wish.initrd == null ? image : new GuestImage(image.name(), image.kernel(), initrd(wish), image.commandLine(),
        image.provenance(), image.deviceTrees());
  }

  private GuestImage named(BootCommand wish) {
    GuestSource source = source(wish.guest).orElseThrow(() -> new BadInput("--guest '" + wish.guest
        + "': no such guest. Guests: " + installed.guests().stream().map(GuestSource::name).sorted()
            .collect(Collectors.joining(", "))));
    Availability availability = source.availability();
    if (!availability.usable()) {
      throw new BadInput("guest " + source.name() + ": " + availability.reason() + " " + availability.remedy());
    }
    return source.obtain(this::progress, request(wish));
  }

  private GuestImage best(BootCommand wish) {
    String why = "";
    for (String name : PREFERENCE) {
      Optional<GuestSource> source = source(name);
      if (source.isEmpty()) {
        continue;
      }
      Availability availability = source.get().availability();
      if (!availability.usable()) {
        why += name + ": " + availability.reason() + " " + availability.remedy() + " ";
        continue;
      }
      try {
        GuestImage image = source.get().obtain(this::progress, request(wish));
        if (!why.isEmpty()) {
          progress(why.strip());
          progress("booting the guest '" + name + "' instead");
        }
        return image;
      } catch (BootException e) {
        why += name + ": " + e.getMessage() + " ";
      }
    }
    throw new BadInput("no guest can be had. " + why + "Name a kernel with --kernel.");
  }

  private Optional<GuestSource> source(String name) {
    return installed.guests().stream().filter(g -> g.name().equals(name)).findFirst();
  }

  private static GuestRequest request(BootCommand wish) {
    List<GuestFile> files = new ArrayList<>();
    for (String text : wish.addFiles) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new BadInput("--add-file '" + text + "': expected GUEST-PATH=FILE, for example /bin/bench=bench");
      }
      try {
        files.add(GuestFile.executable(text.substring(0, equals),
            read("--add-file", Path.of(text.substring(equals + 1)))));
      } catch (IllegalArgumentException e) {
        throw new BadInput("--add-file: " + e.getMessage());
      }
    }
    return new GuestRequest(files, List.of(), false, false);
  }

  /** The files of {@code --module}. */
  static List<BootModule> modules(List<String> texts) {
    List<BootModule> modules = new ArrayList<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      int comma = text.indexOf(',', equals + 1);
      if (equals <= 0) {
        throw new BadInput("--module '" + text + "': expected KIND=FILE[,WORDS], for example kernel=Image,console=hvc0");
      }
      String file = comma < 0 ? text.substring(equals + 1) : text.substring(equals + 1, comma);
      modules.add(new BootModule(text.substring(0, equals), read("--module", Path.of(file)),
          comma < 0 ? "" : text.substring(comma + 1)));
    }
    return modules;
  }

  private static Optional<byte[]> initrd(BootCommand wish) {
    return wish.initrd == null ? Optional.empty() : Optional.of(read("--initrd", wish.initrd));
  }

  private static byte[] read(String option, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadInput(option + " '" + file + "': " + (Files.exists(file) ? "can't be read: " + e.getMessage()
          : "no such file"));
    }
  }

  private void progress(String line) {
    err.println("xenolith: " + line);
    err.flush();
  }
}
