
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks the classes of all jars below a folder, and of the jars in them, without what says that some are modules: jdeps takes them for one program then. */
final class ClassFiles {
  private ClassFiles() {}

  /** Arguments: the folder, where the classes go. */
  public static void main(String[] arguments) throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(arguments[0]))) {
      for (Path jar : all.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        try (InputStream in = Files.newInputStream(jar)) {
          unpack(in, Path.of(arguments[1]));
        }
      }
    }
  }

  private static void unpack(InputStream jar, Path folder) throws IOException {
    ZipInputStream in = new ZipInputStream(jar);
    for (ZipEntry entry; (entry = in.getNextEntry()) != null;) {
      String name = entry.getName();
      if (name.endsWith(".jar")) {
        unpack(in, folder);
      } else if (name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("module-info.class")) {
        Path file = folder.resolve(name).normalize();
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)) {
          Files.write(file, in.readAllBytes());
        }
      }
    }
  }
}
