// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of bundles that a user installed for each run: {@code $XENOLITH_BUNDLES}, else {@code $XDG_DATA_HOME/xenolith/bundles}, else
 * {@code ~/.local/share/xenolith/bundles}. Each is a file with its symbolic name.
 */
record UserBundles(Path folder) {
  private static final String JAR = ".jar";

  /** That of this process. */
  static UserBundles ofThisProcess() {
    return of(System.getenv(), System.getProperty("user.home"));
  }

  static UserBundles of(Map<String, String> environment, String home) {
    String own = environment.getOrDefault("XENOLITH_BUNDLES", "");
    if (!own.isBlank()) {
      return new UserBundles(Path.of(own).toAbsolutePath().normalize());
    }
    String data = environment.getOrDefault("XDG_DATA_HOME", "");
    // The XDG base directory specification says that a relative path is to be ignored.
    Path base = data.startsWith("/") ? Path.of(data) : Path.of(home, ".local/share");
    return new UserBundles(base.resolve("xenolith/bundles").toAbsolutePath().normalize());
  }

  /** What is installed, by name; what can't be read is left out. */
  List<BundleFile> all() throws IOException {
    List<BundleFile> all = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path jar : files.filter(file -> file.toString().endsWith(JAR)).sorted().toList()) {
          BundleFile bundle = readable(jar);
          if (bundle != null) {
            all.add(bundle);
          }
        }
      }
    }
    return all;
  }

  private static BundleFile readable(Path jar) {
    try {
      return BundleFile.of(jar);
    } catch (IOException e) {
      return null;
    }
  }

  Optional<BundleFile> installed(String name) throws IOException {
    return all().stream().filter(bundle -> bundle.name().equals(name)).findFirst();
  }

  /** Keeps a bundle; a machine that runs sees the one before or this, and none by halves. */
  void keep(BundleFile bundle) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    }
    Path fresh = Files.createTempFile(folder, bundle.name(), ".new");
    try {
      Files.copy(bundle.jar(), fresh, StandardCopyOption.REPLACE_EXISTING);
      Path old = installed(bundle.name()).map(BundleFile::jar).orElse(folder.resolve(bundle.name() + JAR));
      Files.move(fresh, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
