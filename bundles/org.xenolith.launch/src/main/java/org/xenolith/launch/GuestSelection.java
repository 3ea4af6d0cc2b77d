// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BoardConsole;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.boot.kit.InitrdParts;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.InputFile;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.AddedFile;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.ModuleFile;
import org.xenolith.platform.api.Platform;

/** Finds the software that a request names, or the best that can be had. */
final class GuestSelection {
  /** Tried in this order when neither the user nor the board names one. */
  private static final List<String> PREFERENCE = List.of("debian", "tiny");
  /** Property of a board's root: its guests, of which the first that can be had is taken when the user names none. */
  private static final String USUAL = "xenolith,guests";
  /** The same for a hypervisor's hardware domain, where not every kernel comes to its console; without it they are those of {@link #USUAL}. */
  private static final String HARDWARE_DOMAIN = "xenolith,dom0-guests";
  private final Installed installed;
  private final ProgressListener progress;
  private final List<String> preference;
  private final Optional<BoardConsole> console;

  GuestSelection(Installed installed, ProgressListener progress, Platform platform, boolean hypervisor) {
    this.installed = installed;
    this.progress = progress;
    preference = preference(platform.source().root(), hypervisor);
    console = StandardOutput.console(platform);
  }

  /** The names of the guests that a board's user gets who names none, the best first. @param hypervisor whether it is to be a hypervisor's hardware domain */
  static List<String> preference(FdtNode root, boolean hypervisor) {
    return Optional.of(HARDWARE_DOMAIN).filter(name -> hypervisor).flatMap(root::property).or(() -> root.property(USUAL)).map(
        FdtProperty::strings).orElse(PREFERENCE);
  }

  /**
   * The guest's software; empty only if none is wanted.
   *
   * @param without whether none is wanted that isn't named
   */
  Optional<GuestImage> choose(LaunchRequest request, boolean without) {
    Optional<Path> kernel = GuestOptions.file(request, GuestOptions.KERNEL);
    if (kernel.isPresent()) {
      return Optional.of(new GuestImage("kernel", read(GuestOptions.KERNEL, kernel.get()), initrd(request), "", List.of(),
          Optional.empty()));
    }
    if (without && request.guest().isEmpty()) {
      return Optional.empty();
    }
    GuestImage image = request.guest().isEmpty() ? best(request) : named(request, request.guest().get());
    return Optional.of(request.option(GuestOptions.INITRD).isEmpty() ? image : new GuestImage(image.name(), image.kernel(), initrd(request),
        image.commandLine(), image.provenance(), image.deviceTrees()));
  }

  private GuestImage named(LaunchRequest request, String name) {
    GuestSource source = source(name).orElseThrow(() -> new BadInput(option("guest") + " '" + name
        + "': no such guest. Guests: " + installed.guests().stream().map(GuestSource::name).sorted()
            .collect(Collectors.joining(", "))));
    Availability availability = source.availability();
    if (!availability.usable()) {
      throw new BadInput("guest " + source.name() + ": " + availability.reason() + " " + availability.remedy());
    }
    return source.obtain(progress, request(request));
  }

  private GuestImage best(LaunchRequest request) {
    String why = "";
    String wanted = "";
    for (String name : preference) {
      Optional<GuestSource> source = source(name);
      if (source.isEmpty()) {
        continue;
      }
      Availability availability = source.get().availability();
      if (!availability.usable()) {
        why += name + ": " + availability.reason() + " " + availability.remedy() + " ";
        wanted = wanted.isEmpty() ? name : wanted;
        refuseOther(request, why);
        continue;
      }
      try {
        GuestImage image = source.get().obtain(progress, request(request));
        if (!why.isEmpty()) {
          progress.progress("NOT " + wanted + ": booting the guest '" + name + "' instead. " + why.strip());
        }
        return image;
      } catch (BootException e) {
        why += name + ": " + e.getMessage() + " ";
        wanted = wanted.isEmpty() ? name : wanted;
        refuseOther(request, why);
      }
    }
    throw new BadInput("no guest can be had. " + why + "Name a kernel with " + option(GuestOptions.KERNEL) + ".");
  }

  /** Another guest is never taken unasked, nor by who wants a package or a program in it: that is for the one that can take it. */
  private void refuseOther(LaunchRequest request, String why) {
    if (!request.option(PackageOption.NAME).isEmpty() || !request.option(AddFileOption.NAME).isEmpty()) {
      throw new BadInput((request.option(PackageOption.NAME).isEmpty() ? option(AddFileOption.NAME) : option(PackageOption.NAME))
          + ": no other guest can take it. " + why
              .strip());
    }
    if (!FallbackOption.in(request)) {
      if (!preference.contains("tiny")) {
        throw new BadInput(why.strip());
      }
      throw new BadInput(why.strip() + " Another guest, tiny, is always there: " + option("guest") + " tiny, or " + option(
          FallbackOption.NAME)
          + " to take it whenever the better one can't be had.");
    }
  }

  private Optional<GuestSource> source(String name) {
    return installed.guests().stream().filter(g -> g.name().equals(name)).findFirst();
  }

  private GuestRequest request(LaunchRequest request) {
    List<GuestFile> files = new ArrayList<>();
    for (String text : request.option(AddFileOption.NAME)) {
      AddedFile added = LaunchOptions.parsed(AddFileOption.NAME, text, AddedFile::of);
      try {
        files.add(GuestFile.executable(added.path(), read(AddFileOption.NAME, Path.of(added.file()))));
      } catch (IllegalArgumentException e) {
        throw new BadInput(option(AddFileOption.NAME) + ": " + e.getMessage());
      }
    }
    Stream<String> functions = installed.shapers().stream().filter(GuestModules.class::isInstance)
        .flatMap(shaper -> ((GuestModules) shaper).modules(request).stream());
    List<String> modules = Stream.concat(functions, DiskText.modules(request).stream()).distinct().toList();
    GuestRequest guest = new GuestRequest(files, modules, List.of(), false, false, console);
    for (String name : request.option(PackageOption.NAME)) {
      guest = guest.withPackage(name);
    }
    return guest;
  }

  /** The files of {@code module}. */
  static List<BootModule> modules(LaunchRequest request) {
    List<BootModule> modules = new ArrayList<>();
    for (String text : request.option(GuestOptions.MODULE)) {
      ModuleFile module = LaunchOptions.parsed(GuestOptions.MODULE, text, ModuleFile::of);
      modules.add(new BootModule(module.kind(), read(GuestOptions.MODULE, Path.of(module.file())), module.words()));
    }
    return modules;
  }

  /** The files of {@code initrd}, one behind the other; empty if there are none. */
  private static Optional<byte[]> initrd(LaunchRequest request) {
    List<Path> files = request.option(GuestOptions.INITRD).stream().map(Path::of).toList();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    List<byte[]> parts = new ArrayList<>();
    for (Path file : files) {
      byte[] part = read(GuestOptions.INITRD, file);
      if (files.size() > 1 && !InitrdParts.isArchive(part)) {
        throw BadInput.at(GuestOptions.INITRD, file, "is no cpio archive, plain or packed, and only these are joined; name it alone");
      }
      parts.add(part);
    }
    try {
      return Optional.of(InitrdParts.joined(parts));
    } catch (IllegalArgumentException e) {
      throw BadInput.at(GuestOptions.INITRD, files.getFirst(), e.getMessage());
    }
  }

  private static byte[] read(String option, Path file) {
    try {
      return InputFile.read(file, InputFile.GUEST);
    } catch (NoSuchFileException e) {
      throw BadInput.at(option, file, "no such file");
    } catch (IOException e) {
      throw BadInput.of(option(option), file, e);
    }
  }
}
