// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import java.util.stream.Stream;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code packages}: the lock of the Debian packages that guests are made of. */
@Command(name = "packages", mixinStandardHelpOptions = true,
    description = {"Lists the Debian packages that guests are made of, one a line: name, version, SHA-256, bytes, address.",
        "A lock names them, so that each machine has the same guest whatever the archive has meanwhile. For a machine without the archive,"
            + " put the packages into a folder ('fetch') and name it in the environment variable XENOLITH_PACKAGES."})
final class PackagesCommand implements Runnable {
  /** Behind the name of a disk image, which may be a guest's, too. */
  private static final String IMAGE = "-image";

  private final HostPackages host;
  private final Path folder;
  private final PackageClient client;
  private final Locks locks;

  @Spec
  private CommandSpec spec;

  @Mixin
  private JsonOption json;

  /** The answer as JSON. @param own whether the lock is this machine's own */
  private record Listed(boolean own, List<Locked> packages) {
    record Locked(String name, String version, String sha256, long bytes, String address) {}
  }

  /** The answer of {@code fetch} as JSON. */
  private record Fetched(List<String> files) {}

  /** The answer of {@code update} and {@code lock} as JSON: a line for each package that is another one. */
  private record Changed(List<String> changes) {}

  /** The answer of {@code reset} as JSON. @param changed whether this machine had a lock of its own */
  private record Reset(boolean changed) {}

  PackagesCommand(HostPackages host) {
    this.host = host;
    folder = host.folder(DebianKernel.USUAL);
    client = host.client(folder);
    locks = host.locks();
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    PackageLock lock = current();
    if (locks.isOwn()) {
      say("by " + locks.ownSays());
    }
    if (json.asked()) {
      JsonOption.print(out, "packages", 1, new Listed(locks.isOwn(), lock.packages().values().stream().map(one -> new Listed.Locked(one
          .name(), one
              .version(), one.sha256(), one.size(), lock.archive(one).address() + "/" + one.path())).toList()));
      return;
    }
    for (LockedPackage one : lock.packages().values()) {
      out.println(one + " " + one.sha256() + " " + one.size() + " " + lock.archive(one).address() + "/" + one.path());
    }
    out.flush();
  }

  @Command(name = "fetch", mixinStandardHelpOptions = true,
      description = "Copies packages of the lock into a folder, fetching what is missing, and prints their files.")
  int fetch(@Parameters(paramLabel = "NAME", arity = "0..*",
      description = "A guest, a package with all that it needs, or debian-image: what the disk image is made of (default: all of the lock).") List<
          String> names,
      @Option(names = "--to", paramLabel = "DIR", required = true, description = "The folder; made when it is not there.") Path to,
      @Mixin JsonOption asJson) {
    PackageLock lock = current();
    Set<LockedPackage> wanted = new LinkedHashSet<>(names == null ? lock.packages().values() : List.of());
    for (String name : names == null ? List.<String>of() : names) {
      wanted.addAll(lock.guest(name).or(() -> image(lock, name)).or(() -> lock.closure(List.of(name))).orElseGet(() -> {
        if (!lock.packages().containsKey(name)) {
          throw new BadInput("package '" + name + "': the lock doesn't name it. Guests: " + String.join(", ", lock.guests().keySet())
              + lock.images().keySet().stream().map(image -> "; disk image: " + image + IMAGE).collect(Collectors.joining())
              + "; packages: " + String.join(", ", lock.closures().keySet()) + ", " + String.join(", ", lock.alone()));
        }
        return List.of(lock.packages().get(name));
      }));
    }
    List<String> files = new ArrayList<>();
    try {
      Files.createDirectories(to);
      PackageFetcher fetcher = host.fetcher(folder, client);
      Path arrival = Files.createTempDirectory(to, ".fetch");
      try {
        for (LockedPackage one : wanted) {
          Path file = to.resolve(one.file());
          if (!Files.isRegularFile(file) || !Digests.sha256(file).equals(one.sha256())) {
            CacheManifest.moved(fetcher.fetch(List.of(one), lock, arrival, this::say).getFirst(), file);
          }
          files.add(file.toString());
          if (!asJson.asked()) {
            spec.commandLine().getOut().println(file);
          }
        }
      } finally {
        Installation.delete(arrival);
      }
    } catch (IOException e) {
      throw refused(e);
    }
    if (asJson.asked()) {
      JsonOption.print(spec.commandLine().getOut(), "packages-fetch", 1, new Fetched(files));
    }
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }

  @Command(name = "update", mixinStandardHelpOptions = true,
      description = "Takes what the archive has now, by a lock of this machine's own, and says what is newer. The next boot fetches it.")
  int update(@Mixin JsonOption asJson) {
    try {
      PackageLock before = current();
      PackageLock after = LockRenewal.of(before, List.of(), List.of(), client, this::say);
      locks.keep(after);
      tell("packages-update", LockRenewal.changes(before, after), asJson);
    } catch (IOException e) {
      throw refused(e);
    }
    return ExitCode.DONE;
  }

  @Command(name = "reset", mixinStandardHelpOptions = true,
      description = "Goes back to the lock that came with Xenolith, if this machine has one of its own.")
  int reset(@Mixin JsonOption asJson) {
    try {
      boolean other = locks.isOwn();
      locks.reset();
      if (asJson.asked()) {
        JsonOption.print(spec.commandLine().getOut(), "packages-reset", 1, new Reset(other));
        return ExitCode.DONE;
      }
      spec.commandLine().getOut().println(other ? "back to Xenolith's lock" : "Xenolith's lock holds already");
    } catch (IOException e) {
      throw refused(e);
    }
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }

  @Command(name = "lock", mixinStandardHelpOptions = true,
      description = "For maintainers: writes a lock of what the archive has now, for the same packages, and says what changed.")
  int lock(@Parameters(paramLabel = "FILE", description = "The lock; one that is there says for which packages.") Path file,
      @Option(names = "--add", paramLabel = "PACKAGE", description = "One more that 'boot --package' finds in it.") List<String> add,
      @Option(names = "--drop", paramLabel = "PACKAGE", description = "One less.") List<String> drop,
      @Mixin JsonOption asJson) {
    try {
      PackageLock before = Files.exists(file) ? parse(file) : Locks.bundled();
      PackageLock after = LockRenewal.of(before, add == null ? List.of() : add, drop == null ? List.of() : drop, client, this::say);
      Path absolute = file.toAbsolutePath();
      Files.createDirectories(absolute.getParent());
      CacheManifest.replace(absolute, after.text().getBytes(StandardCharsets.UTF_8));
      tell("packages-lock", LockRenewal.changes(before, after), asJson);
    } catch (IOException e) {
      throw refused(e);
    }
    return ExitCode.DONE;
  }

  private static PackageLock parse(Path file) throws IOException {
    try {
      return PackageLock.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new BadInput("'" + file + "' is no lock of packages: " + e.getMessage());
    }
  }

  /** All that an image is made of, and with. */
  private static Optional<List<LockedPackage>> image(PackageLock lock, String name) {
    if (!name.endsWith(IMAGE)) {
      return Optional.empty();
    }
    String image = name.substring(0, name.length() - IMAGE.length());
    return lock.image(image).map(parts -> {
      List<LockedPackage> all = new ArrayList<>(parts);
      Stream.of(DebianSystem.values()).filter(one -> one.image.equals(image)).forEach(system -> {
        lock.guest(system.kernel.guest).ifPresent(all::addAll);
        lock.closure(system.tools()).ifPresent(all::addAll);
      });
      return all;
    });
  }

  private PackageLock current() {
    try {
      return locks.current();
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private void tell(String kind, List<String> changes, JsonOption asJson) {
    if (asJson.asked()) {
      JsonOption.print(spec.commandLine().getOut(), kind, 1, new Changed(changes));
      return;
    }
    List<String> lines = new ArrayList<>(changes);
    if (lines.isEmpty()) {
      lines.add("nothing is newer");
    }
    lines.forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("xenolith: " + line);
    err.flush();
  }

  private static BadInput refused(IOException e) {
    return new BadInput(HostReason.of(e).text());
  }
}
