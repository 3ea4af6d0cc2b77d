// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.xenolith.block.kit.SparseFile;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.ImagePlan;
import org.xenolith.boot.api.ImageRequest;
import org.xenolith.boot.api.ImageSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.kit.FileOption;
import org.xenolith.command.kit.InputFile;
import org.xenolith.command.kit.JsonOption;
import org.xenolith.command.kit.WrittenNumber;
import org.xenolith.launch.api.AddedFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code image}: disk images with an operating system. */
@Command(name = "image", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
    description = {"Makes disk images with an operating system, without being root: a machine of ours partitions, unpacks and configures.",
        "What was made is kept in the cache folder, and taken from there when the same is asked for again."})
final class ImageCommand implements Runnable {
  private static final long LARGEST_FILE = 1L << 30;

  private final List<ImageSource> sources;
  private final ImageCache cache;

  @Spec
  private CommandSpec spec;

  /** What is told of one that can be made. */
  private record Listed(List<Image> images) {
    record Image(String name, String state, String description, String says) {}
  }

  /** The answer of {@code make} as JSON. @param bytes size of the disk */
  private record Made(String image, String file, long bytes) {}

  ImageCommand(List<ImageSource> sources, ImageCache cache) {
    this.sources = sources.stream().sorted(Comparator.comparing(ImageSource::name)).toList();
    this.cache = cache;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: list or make.");
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the images that can be made.")
  int list(@Mixin JsonOption json) {
    PrintWriter out = spec.commandLine().getOut();
    List<Listed.Image> images = new ArrayList<>();
    for (ImageSource source : sources) {
      Availability availability = source.availability();
      String state = availability.state().name().toLowerCase(Locale.ROOT);
      String says = (availability.reason() + " " + availability.remedy()).strip();
      try {
        Path file = cache.file(source, source.plan(new ImageRequest(OptionalLong.empty(), List.of())));
        if (Files.isRegularFile(file)) {
          state = "made";
          says = file.toString();
        }
      } catch (BootException e) {
        says = e.getMessage();
      }
      images.add(new Listed.Image(source.name(), state, source.description(), says));
    }
    if (json.asked()) {
      JsonOption.print(out, "image-list", 1, new Listed(images));
      return ExitCode.DONE;
    }
    images.forEach(image -> out.printf("%-10s %-11s %s%n%-10s %-11s %s%n", image.name(), image.state(), image.description(), "", "", image
        .says()));
    out.flush();
    return ExitCode.DONE;
  }

  @Command(name = "make", mixinStandardHelpOptions = true,
      description = "Makes an image, or takes it from the cache, and copies it to a file. The first time takes minutes.")
  int make(@Parameters(paramLabel = "NAME", description = "What is on it; 'list' says what there is.") String name,
      @Option(names = "--to", paramLabel = "FILE", required = true,
          description = "The image: a raw one, as 'boot --disk' takes it.") Path to,
      @Option(names = "--size", paramLabel = "SIZE",
          description = "Size of the whole disk, for example 4G (default: the image's own).") String size,
      @Option(names = "--package", paramLabel = "NAME",
          description = "Installs a package of the distribution besides, with what it needs. One that the lock doesn't name has the whole system made of what the signed index has now, which a file beside the image then names (FILE.lock). May be repeated.") List<
              String> packages,
      @Option(names = "--add-file", paramLabel = "GUEST-PATH=FILE",
          description = "Puts a file there, for example /boot/xenolith.efi=xenolith.efi. May be repeated.") List<String> added,
      @Option(names = "--update",
          description = "Reads the archive's index anew for packages that the lock doesn't name, in the place of the one that is here.") boolean update,
      @Option(names = "--force", description = "Writes over a file that is there.") boolean force,
      @Mixin JsonOption json) {
    ImageSource source = sources.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow(() -> new BadInput("image '" + name
        + "': no such image. Images: " + sources.stream().map(ImageSource::name).collect(Collectors.joining(", "))));
    FileOption.requireFolderOf("to", to);
    if (Files.isDirectory(to) || Files.exists(to) && !Files.isRegularFile(to)) {
      throw BadInput.at("to", to, Files.isDirectory(to) ? "a folder, not a file" : "a device, a pipe or a socket, not a file");
    }
    if (Files.exists(to) && !force) {
      throw BadInput.at("to", to, "there is a file already, perhaps with somebody's system on it; --force writes over it");
    }
    ImagePlan plan = source.plan(new ImageRequest(size == null ? OptionalLong.empty() : OptionalLong.of(bytes(size)), packages == null
        ? List.of() : packages, files(added == null ? List.of() : added)), update, this::say);
    Path made = cache.obtain(source, plan, this::say);
    FileOption.use("to", to, file -> SparseFile.copy(made, file));
    if (!plan.manifest().isEmpty()) {
      Path lock = to.resolveSibling(to.getFileName() + ".lock");
      FileOption.use("to", lock, file -> Files.writeString(file, plan.manifest()));
      say("what it is made of is in " + lock);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.asked()) {
      JsonOption.print(out, "image-make", 1, new Made(name, to.toString(), to.toFile().length()));
      return ExitCode.DONE;
    }
    out.println(to);
    out.flush();
    return ExitCode.DONE;
  }

  private static List<GuestFile> files(List<String> added) {
    List<GuestFile> files = new ArrayList<>();
    for (String text : added) {
      AddedFile one;
      try {
        one = AddedFile.of(text);
      } catch (BadInput e) {
        throw BadInput.at("add-file", text, "expected GUEST-PATH=FILE, for example /boot/xenolith.efi=xenolith.efi");
      }
      Path file = Path.of(one.file());
      FileOption.requireFile("add-file", file, LARGEST_FILE);
      try {
        files.add(new GuestFile(one.path(), Files.isExecutable(file) ? 0755 : 0644, InputFile.read(file, LARGEST_FILE)));
      } catch (IOException e) {
        throw BadInput.of(option("add-file"), file, e);
      } catch (IllegalArgumentException e) {
        throw BadInput.at("add-file", text, e.getMessage());
      }
    }
    return files;
  }

  private static long bytes(String size) {
    try {
      return WrittenNumber.memory(size);
    } catch (BadInput e) {
      throw BadInput.at("size", size, "expected for example 1536M or 4G");
    }
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("xenolith: " + line);
    err.flush();
  }
}
