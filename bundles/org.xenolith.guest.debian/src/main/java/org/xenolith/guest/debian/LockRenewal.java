// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.HostReason;

/** Makes a lock of what the archive has now. */
final class LockRenewal {
  static final String KERNEL_PREFIX = "linux-image-";
  static final String SHELL = "busybox-static";

  private LockRenewal() {}

  /**
   * A lock for the same guests and packages, and of the same archives, as another.
   *
   * @param more packages that can be asked for besides
   * @param without packages that can't be asked for any more
   * @throws IOException if the archive's index can't be had, or has no kernel; a package that is gone is left out, which is told
   */
  static PackageLock of(PackageLock before, Collection<String> more, Collection<String> without, PackageClient client,
      ProgressListener progress) throws IOException {
    PackageClient.Unusable trouble = client.unusable().orElse(null);
    if (trouble != null) {
      throw new IOException(trouble.reason() + ". " + trouble.remedy());
    }
    client.update(progress);
    SortedMap<String, List<String>> guests = new TreeMap<>();
    SortedMap<String, List<String>> images = new TreeMap<>();
    SortedMap<String, List<String>> closures = new TreeMap<>();
    SortedSet<String> alone = new TreeSet<>();
    SortedMap<String, LockedPackage> packages = new TreeMap<>();
    for (DebianKernel kind : DebianKernel.values()) {
      try {
        guests.put(kind.guest, names(List.of(kernel(kind, client), client.candidate(SHELL + kind.architecture)), packages));
      } catch (IOException e) {
        if (kind == DebianKernel.USUAL) {
          throw e;
        }
        leftOut("with the kernel of the guest " + kind.guest, e, progress);
      }
    }
    for (DebianSystem system : DebianSystem.values()) {
      if (guests.containsKey(system.kernel.guest)) {
        try {
          List<String> parts = new ArrayList<>(system.packages());
          parts.add(guests.get(system.kernel.guest).getFirst());
          images.put(system.image, names(client.closure(parts), packages));
        } catch (IOException e) {
          leftOut("of the disk image " + system.image, e, progress);
        }
      }
    }
    SortedSet<String> roots = new TreeSet<>(before.closures().keySet());
    roots.addAll(more);
    roots.removeAll(without);
    for (String root : roots) {
      try {
        closures.put(root, names(client.closure(List.of(root)), packages));
      } catch (IOException e) {
        leftOut(root, e, progress);
      }
    }
    for (String one : before.alone()) {
      try {
        names(List.of(client.candidate(one)), packages);
        alone.add(one);
      } catch (IOException e) {
        leftOut(one, e, progress);
      }
    }
    return new PackageLock(before.archives(), guests, images, closures, alone, packages);
  }

  private static void leftOut(String name, IOException why, ProgressListener progress) {
    progress.progress("the package " + name + " is left out, and what asks for it will fail: " + HostReason.of(why).text());
  }

  private static List<String> names(List<LockedPackage> some, SortedMap<String, LockedPackage> packages) {
    some.forEach(one -> packages.put(one.name(), one));
    return some.stream().map(LockedPackage::name).toList();
  }

  /** The metapackage has another name in each release. */
  private static LockedPackage kernel(DebianKernel kind, PackageClient client) throws IOException {
    IOException first = null;
    for (String metapackage : kind.metapackages) {
      try {
        return client.candidate(client.dependency(metapackage, KERNEL_PREFIX));
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    throw first;
  }

  /** What the archive has now in the place of a package of a lock; kernels have the version in their name. */
  static LockedPackage successor(LockedPackage one, PackageLock lock, PackageClient client) throws IOException {
    for (DebianKernel kind : DebianKernel.values()) {
      if (lock.guest(kind.guest).filter(parts -> parts.getFirst().equals(one)).isPresent()) {
        try {
          LockedPackage same = client.candidate(one.name());
          if (same.equals(one)) {
            return same;
          }
        } catch (IOException e) {
          // That kernel is gone; another has taken its place.
        }
        return kernel(kind, client);
      }
    }
    return client.candidate(one.name());
  }

  /** What differs, a line for each package that guests or users name. */
  static List<String> changes(PackageLock before, PackageLock after) {
    List<String> lines = new ArrayList<>();
    for (String guest : after.guests().keySet()) {
      List<LockedPackage> now = after.guest(guest).orElseThrow();
      List<LockedPackage> was = before.guest(guest).orElse(List.of());
      if (!now.equals(was)) {
        lines.add("guest " + guest + ": " + text(now) + (was.isEmpty() ? ", new" : " in the place of " + text(was)));
      }
    }
    for (String image : after.images().keySet()) {
      if (!after.image(image).equals(before.image(image))) {
        lines.add("image " + image + ": " + (before.image(image).isEmpty() ? "new" : "other packages"));
      }
    }
    SortedSet<String> asked = new TreeSet<>(before.closures().keySet());
    asked.addAll(after.closures().keySet());
    asked.addAll(before.alone());
    asked.addAll(after.alone());
    for (String name : asked) {
      LockedPackage was = before.packages().get(name);
      LockedPackage now = after.packages().get(name);
      if (now == null) {
        lines.add("package " + was + ": gone");
      } else if (!now.equals(was)) {
        lines.add("package " + now + (was == null ? ", new" : " in the place of " + was.version()));
      }
    }
    long others = after.packages().values().stream()
        .filter(one -> !one.equals(before.packages().get(one.name())) && !asked.contains(one.name())).count();
    if (others > 0) {
      lines.add(others + " of the packages that those need, or of guests and images");
    }
    return lines;
  }

  private static String text(List<LockedPackage> parts) {
    return String.join(", ", parts.stream().map(LockedPackage::toString).toList());
  }
}
