// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code guests}: what can be booted without a kernel file, and its parts as files for other programs. */
@Command(name = "guests", mixinStandardHelpOptions = true,
    description = {"Lists the guests that boot without a kernel file; 'fetch' gets one and says where its parts are.",
        "Debian's are made of the packages that a lock names ('xenolith packages'). On a machine without Debian's archive the environment"
            + " variable XENOLITH_PACKAGES names a folder that has them."})
final class GuestsCommand implements Runnable {
  private final Installed installed;

  @Spec
  private CommandSpec spec;

  @Mixin
  private JsonOption json;

  /** The answer as JSON. */
  private record Listed(List<Guest> guests) {
    record Guest(String name, String state, String description, String says) {}
  }

  /** The answer of {@code fetch} as JSON. */
  private record Fetched(String guest, String commandLine, List<String> parts, String deviceTrees) {}

  GuestsCommand(Installed installed) {
    this.installed = installed;
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    List<Listed.Guest> guests = installed.guests().stream().sorted(Comparator.comparing(GuestSource::name)).map(GuestsCommand::listed)
        .toList();
    if (json.asked()) {
      JsonOption.print(out, "guests", 1, new Listed(guests));
      return;
    }
    guests.forEach(guest -> {
      out.printf("%-10s %-11s %s%n", guest.name(), guest.state(), guest.description());
      out.printf("%-10s %-11s %s%n", "", "", guest.says());
    });
    out.flush();
  }

  private static Listed.Guest listed(GuestSource guest) {
    Availability availability = guest.availability();
    return new Listed.Guest(guest.name(), availability.state().name().toLowerCase(java.util.Locale.ROOT), guest.description(),
        (availability.reason() + " " + availability.remedy()).strip());
  }

  /** Prints lines of a key, a colon, a space and a value, so that scripts can read them. */
  @Command(name = "fetch", mixinStandardHelpOptions = true,
      description = "Gets a guest, fetching what is missing, and prints its command line, origin and device trees.")
  int fetch(
      @Parameters(paramLabel = "NAME", defaultValue = "debian", description = "The guest (default: debian).") String name,
      @Option(names = "--to", paramLabel = "DIR",
          description = "Write its parts there: Image, initrd (if it has one) and cmdline.") Path to,
      @Option(names = "--package", paramLabel = "PACKAGE",
          description = "Puts a Debian package with what it needs into the first root file system, as 'boot' does. May be repeated.") List<
              String> packages,
      @Option(names = "--module", paramLabel = "MODULE",
          description = "Has the guest load a module of its kernel when it starts, with what that needs, for example 9pnet_xen. May be"
              + " repeated.") List<String> modules,
      @Option(names = "--add-file", paramLabel = "GUEST-PATH=FILE",
          description = "Puts a program into the first root file system, as 'boot' does. May be repeated.") List<String> addFiles,
      @Option(names = "--refresh", description = "Look for a newer version and take it from now on.") boolean refresh,
      @Mixin JsonOption asJson) {
    GuestSource guest = installed.guests().stream().filter(g -> g.name().equals(name)).findFirst()
        .orElseThrow(() -> new BadInput("guest '" + name + "': no such guest. Guests: " + installed.guests().stream()
            .map(GuestSource::name).sorted().collect(Collectors.joining(", "))));
    Availability availability = guest.availability();
    if (!availability.usable()) {
      throw new BadInput("guest " + name + ": " + availability.reason() + " " + availability.remedy());
    }
    PrintWriter err = spec.commandLine().getErr();
    GuestRequest request = refresh ? GuestRequest.PLAIN.withRefresh() : GuestRequest.PLAIN;
    for (String each : addFiles == null ? List.<String>of() : addFiles) {
      request = request.withFile(file(each));
    }
    for (String each : packages == null ? List.<String>of() : packages) {
      request = request.withPackage(each);
    }
    for (String each : modules == null ? List.<String>of() : modules) {
      request = request.withModule(each);
    }
    GuestImage image = guest.obtain(line -> err.println("xenolith: " + line), request.withDeviceTrees());
    err.flush();
    if (to != null) {
      write(image, to);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (asJson.asked()) {
      JsonOption.print(out, "guests-fetch", 1, new Fetched(image.name(), image.commandLine(), image.provenance().stream().map(
          Object::toString)
          .toList(), image.deviceTrees().map(Object::toString).orElse(null)));
      return ExitCode.DONE;
    }
    out.println("guest: " + image.name());
    out.println("command-line: " + image.commandLine());
    image.provenance().forEach(part -> out.println("part: " + part));
    image.deviceTrees().ifPresent(folder -> out.println("device-trees: " + folder));
    out.flush();
    return ExitCode.DONE;
  }

  private static GuestFile file(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new BadInput("--add-file '" + text + "': expected GUEST-PATH=FILE, for example /bin/bench=bench");
    }
    Path file = Path.of(text.substring(equals + 1));
    try {
      return GuestFile.executable(text.substring(0, equals), Files.readAllBytes(file));
    } catch (IllegalArgumentException e) {
      throw new BadInput("--add-file: " + e.getMessage());
    } catch (IOException e) {
      throw new BadInput("--add-file '" + file + "': can't be read: " + HostReason.of(file, e).text());
    }
  }

  private static void write(GuestImage image, Path to) {
    try {
      Files.createDirectories(to);
      Files.write(to.resolve("Image"), image.kernel());
      if (image.initrd().isPresent()) {
        Files.write(to.resolve("initrd"), image.initrd().get());
      }
      Files.writeString(to.resolve("cmdline"), image.commandLine() + "\n");
    } catch (IOException e) {
      throw BadInput.of("--to", to, e);
    }
  }
}
