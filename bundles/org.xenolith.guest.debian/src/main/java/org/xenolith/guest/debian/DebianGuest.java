// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.boot.api.Provenance;

/**
 * The current Debian arm64 kernel with busybox. The first use fetches and checks the packages; later ones need no
 * network and check what they read. {@code refresh} looks for a newer version.
 *
 * <p>The cache folder holds: {@code current} (the name of the version in use), one folder per version (packages, what
 * was taken out of them, a manifest), {@code apt} (the package client's private state) and {@code lock}.
 */
public class DebianGuest implements GuestSource {
  /** What the kernel is told in any case: its console, early messages too, and that a panic is a reset. */
  static final String COMMAND_LINE = "console=ttyAMA0 earlycon panic=-1";
  private static final String KERNEL_PREFIX = "linux-image-";
  private static final String UNFINISHED = "unfinished";
  private static final long MEBIBYTE = 1 << 20;
  /** Index, packages and what is taken out of them had 180 MiB in 2026. */
  private static final long NEEDED = 300 * MEBIBYTE;
  private static final String SHELL_PACKAGE = "busybox-static";

  private final DebianKernel kind;
  private final Path root;
  private final PackageClient client;
  private final Space space;

  /** Tells how many bytes this user may still write in a folder. */
  interface Space {
    long free(Path folder) throws IOException;
  }

  DebianGuest(Path root, PackageClient client) {
    this(DebianKernel.USUAL, root, client);
  }

  DebianGuest(DebianKernel kind, Path root, PackageClient client) {
    this(kind, root, client, folder -> Files.getFileStore(folder).getUsableSpace());
  }

  DebianGuest(Path root, PackageClient client, Space space) {
    this(DebianKernel.USUAL, root, client, space);
  }

  private DebianGuest(DebianKernel kind, Path root, PackageClient client, Space space) {
    this.kind = kind;
    this.root = root;
    this.client = client;
    this.space = space;
  }

  /**
   * The guest of this host, cached in {@code $XENOLITH_CACHE}, else {@code $XDG_CACHE_HOME/xenolith}, else
   * {@code ~/.cache/xenolith}.
   */
  public DebianGuest(DebianKernel kind, Map<String, String> environment) {
    this(kind, cache(environment).resolve("guests").resolve(kind.guest), environment);
  }

  private DebianGuest(DebianKernel kind, Path root, Map<String, String> environment) {
    this(kind, root, new AptClient(root.resolve("apt"), Path.of("/etc/os-release"), environment));
  }

  private static Path cache(Map<String, String> environment) {
    String own = environment.getOrDefault("XENOLITH_CACHE", "");
    if (!own.isBlank()) {
      return Path.of(own).toAbsolutePath().normalize();
    }
    String user = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG base directory specification says that a relative path is to be ignored.
    Path base = user.startsWith("/") ? Path.of(user) : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("xenolith").toAbsolutePath().normalize();
  }

  @Override
  public String name() {
    return kind.guest;
  }

  @Override
  public String description() {
    return kind.description;
  }

  @Override
  public Availability availability() {
    try {
      Optional<Installation> here = Installation.current(root);
      if (here.isPresent() && here.get().complete()) {
        return Availability.ready(title(here.get()) + " in " + here.get().folder());
      }
    } catch (IOException e) {
      // obtain() will meet the same trouble and can say more.
    }
    return client.unusable().map(trouble -> Availability.unavailable(trouble.reason() + ".", trouble.remedy()))
        .orElseGet(() -> Availability.fetchable("not in " + root + " yet; about " + kind.megabytes
            + " MB will be downloaded from Debian's mirrors"));
  }

  @Override
  public GuestImage obtain(ProgressListener progress, GuestRequest request) {
    try (CacheLock lock = CacheLock.acquire(root.resolve("lock"), progress)) {
      Installation installation = present(progress, request.refresh());
      try {
        return image(installation, request, progress);
      } catch (Installation.Damage damage) {
        progress.progress("the cache is damaged: " + damage.getMessage() + " in " + installation.folder());
        return image(repair(installation, progress), request, progress);
      }
    } catch (IllegalArgumentException e) {
      throw new BootException(e.getMessage() + ".", e);
    } catch (IOException | UncheckedIOException e) {
      throw new BootException("the guest '" + kind.guest + "' can't be prepared in " + root + ": " + message(e), e);
    }
  }

  private static String message(Exception trouble) {
    // File-system exceptions carry a bare path as message.
    return trouble instanceof java.nio.file.FileSystemException file
        ? file + ". Check the folder, or name another one in XENOLITH_CACHE."
        : trouble.getMessage();
  }

  private Installation present(ProgressListener progress, boolean refresh) throws IOException {
    Optional<Installation> here = Installation.current(root);
    if (here.isPresent() && !refresh) {
      return here.get();
    }
    try {
      return fetch(here, progress);
    } catch (IOException e) {
      if (here.isEmpty()) {
        throw e;
      }
      progress.progress("can't look for a newer version (" + e.getMessage() + "); using " + title(here.get()));
      return here.get();
    }
  }

  private Installation fetch(Optional<Installation> here, ProgressListener progress) throws IOException {
    Optional<PackageClient.Unusable> trouble = client.unusable();
    if (trouble.isPresent()) {
      throw new IOException(trouble.get().reason() + ". " + trouble.get().remedy());
    }
    requireSpace();
    try {
      return fetchOnce(here, progress);
    } catch (IOException e) {
      // Damage of the client's private state shows as whatever it breaks.
      if (!client.forget()) {
        throw e;
      }
      progress.progress("beginning anew with an empty package index: " + message(e));
      return fetchOnce(here, progress);
    }
  }

  /** A disk that becomes full on the way makes the package client try for minutes. */
  private void requireSpace() throws IOException {
    long free = space.free(Files.createDirectories(root));
    if (free < NEEDED) {
      throw new IOException("there are " + free / MEBIBYTE + " MiB free, and " + NEEDED / MEBIBYTE
          + " are needed to fetch and unpack it. Make room, or name a folder with more in XENOLITH_CACHE.");
    }
  }

  private Installation fetchOnce(Optional<Installation> here, ProgressListener progress) throws IOException {
    client.update(progress);
    PackageClient.Package kernel = client.candidate(kernelPackage());
    PackageClient.Package shell = client.candidate(SHELL_PACKAGE);
    List<Provenance> packages = List.of(provenance(kernel), provenance(shell));
    if (here.isPresent() && here.get().manifest().packages().equals(packages)) {
      progress.progress(title(here.get()) + " is current");
      return here.get();
    }
    Path folder = root.resolve((kernel.name().substring(KERNEL_PREFIX.length()) + "_" + kernel.version()).replace(':', '%').replace('/',
        '%'));
    Path fresh = fresh();
    Files.move(client.download(kernel, fresh.resolve("packages"), progress), fresh.resolve(Installation.KERNEL_PACKAGE));
    Files.move(client.download(shell, fresh.resolve("packages"), progress), fresh.resolve(Installation.BUSYBOX_PACKAGE));
    return build(fresh, folder, packages, progress);
  }

  /** The metapackage has another name in each release. */
  private String kernelPackage() throws IOException {
    IOException first = null;
    for (String metapackage : kind.metapackages) {
      try {
        return client.dependency(metapackage, KERNEL_PREFIX);
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    throw first;
  }

  private Path fresh() throws IOException {
    // Under the lock nobody else uses it: what lies there is left over from a start that was ended.
    Path fresh = root.resolve(UNFINISHED);
    Installation.delete(fresh);
    return Files.createDirectories(fresh.resolve("packages")).getParent();
  }

  private Installation build(Path fresh, Path folder, List<Provenance> packages, ProgressListener progress) throws IOException {
    progress.progress("unpacking kernel, modules and board trees to " + folder);
    Installation installation = Installation.build(client, fresh, folder, packages);
    installation.makeCurrent();
    return installation;
  }

  /** Unpacks the packages once more when they are whole, else fetches all. */
  private Installation repair(Installation damaged, ProgressListener progress) throws IOException {
    List<String> archives = List.of(Installation.KERNEL_PACKAGE, Installation.BUSYBOX_PACKAGE);
    if (damaged.manifest().firstDamage(damaged.folder(), archives).isEmpty() && client.unusable().isEmpty()) {
      Path fresh = fresh();
      for (String archive : archives) {
        Files.copy(damaged.folder().resolve(archive), fresh.resolve(archive), StandardCopyOption.COPY_ATTRIBUTES);
      }
      return build(fresh, damaged.folder(), damaged.manifest().packages(), progress);
    }
    return fetch(Optional.empty(), progress);
  }

  private GuestImage image(Installation before, GuestRequest request, ProgressListener progress) throws IOException {
    SortedMap<String, List<String>> lists = new TreeMap<>(Installation.MODULE_LISTS);
    lists.put("boot", request.modules());
    Installation installation = before.withModules(client, lists.values().stream().flatMap(List::stream).toList());
    if (request.deviceTrees()) {
      installation.checkDeviceTrees();
    }
    SortedMap<String, Map<String, byte[]>> modules = new TreeMap<>();
    for (Map.Entry<String, List<String>> list : lists.entrySet()) {
      modules.put(list.getKey(), installation.modulesInOrder(list.getValue()));
    }
    byte[] archive = Initramfs.archive(installation.read(Installation.BUSYBOX), modules, request.files());
    byte[] initrd = Initramfs.compressed(archive, installation.folder().resolve("initramfs"));
    List<Provenance> provenance = new ArrayList<>(installation.manifest().packages());
    if (!request.packages().isEmpty()) {
      PackageArchive packages = PackageArchive.of(installation, client, request.packages(), root.resolve(UNFINISHED), request.refresh(),
          progress);
      provenance.addAll(packages.used());
      initrd = joined(packages.packed(), initrd);
    }
    provenance.add(new Provenance("initramfs", "xenolith", Digests.sha256(initrd)));
    return new GuestImage(name(), installation.read(Installation.KERNEL), Optional.of(initrd), COMMAND_LINE, provenance,
        Optional.of(installation.folder().resolve(Installation.DEVICE_TREES)));
  }

  /** The kernel unpacks one compressed archive after the other; a later file takes the place of an earlier one. */
  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static Provenance provenance(PackageClient.Package part) {
    return new Provenance(part.name(), part.version(), part.sha256());
  }

  private static String title(Installation installation) {
    return installation.manifest().packages().stream().map(part -> part.name() + " " + part.version()).collect(Collectors.joining(", "));
  }
}
