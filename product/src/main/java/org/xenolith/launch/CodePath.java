// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Puts a product's bundles on the JVM's class path, see {@link PathCode}: those of the checkout in one jar, as each jar on the class path is opened at each start, the
 * others as they are. A large jar stays what only the bundle's own class loader opens, and so does one that holds jars itself, and what imports their packages.
 */
public final class CodePath {
  /** Bytes of a jar that takes longer to open than a start should. */
  private static final long LARGE = 4 << 20;
  /** The OSGi shell, whose first script looks for a file beside itself, which it finds in a bundle only. */
  private static final String SHELL = "org.apache.felix.gogo.shell-";
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

  private final Map<String, Manifest> manifests = new TreeMap<>();
  private final Set<String> left = new TreeSet<>();
  private final Home home;

  /** @param large bytes of a jar that is too large */
  private CodePath(Home home, long large) throws IOException {
    this.home = home;
    for (Path jar : home.bundles()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        manifests.put(jar.getFileName().toString(), file.getManifest());
      }
      // Of a jar with others in it; one that says "." has what every jar has.
      boolean inner = names(jar.getFileName().toString(), "Bundle-ClassPath").stream().anyMatch(place -> !place.equals("."));
      if (Files.size(jar) > large || jar.getFileName().toString().startsWith(SHELL) || inner) {
        left.add(jar.getFileName().toString());
      }
    }
  }

  /**
   * Makes code.jar, code.list and the jar to start.
   *
   * @param built file names of the bundles of the checkout
   */
  static void make(Home home, List<String> built) throws IOException {
    CodePath path = new CodePath(home, LARGE);
    path.leaveImporters();
    path.write(built, List.of("launch.jar", "framework.jar"), Launch.class.getName());
  }

  /**
   * The same for a product that needs its large bundles, too, and with more before those.
   *
   * @param first jars of the folder lib, the first of the class path
   * @param main  name of the class that begins
   */
  public static void makeWhole(Home home, List<String> built, List<String> first, String main) throws IOException {
    CodePath path = new CodePath(home, Long.MAX_VALUE);
    path.leaveImporters();
    path.write(built, first, main);
  }

  private void leaveImporters() {
    for (int before = -1; before != left.size();) {
      before = left.size();
      Set<String> exported = new TreeSet<>();
      for (String jar : left) {
        exported.addAll(names(jar, "Export-Package"));
      }
      for (String jar : manifests.keySet()) {
        if (names(jar, "Import-Package").stream().anyMatch(exported::contains)) {
          left.add(jar);
        }
      }
    }
  }

  /** The packages of a header, whose clauses are {@code name;name;attribute=…}, with quoted values that may have any of these signs. */
  private List<String> names(String jar, String header) {
    String value = manifests.get(jar).getMainAttributes().getValue(header);
    return value == null ? List.of() : Stream.of(QUOTED.matcher(value).replaceAll("").split("[,;]")).map(String::strip)
        .filter(word -> !word.isEmpty() && !word.contains("=")).toList();
  }

  private void write(List<String> built, List<String> first, String main) throws IOException {
    List<String> list = new ArrayList<>();
    List<String> classPath = new ArrayList<>(first);
    classPath.add("code.jar");
    try (JarOutputStream code = new JarOutputStream(Files.newOutputStream(home.code()), started())) {
      for (String name : manifests.keySet()) {
        if (left.contains(name)) {
          continue;
        }
        Path file = home.plugins().resolve(name);
        if (built.contains(name)) {
          list.add(name + packages(file, code));
        } else {
          unsign(file);
          list.add(name + packages(file, null));
          classPath.add("../plugins/" + name);
        }
      }
    }
    Files.write(home.codeList(), list);
    Manifest start = started();
    start.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main);
    start.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", classPath));
    // As a JVM flag this would keep the JVM from using its archive of modules.
    start.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
    new JarOutputStream(Files.newOutputStream(home.start()), start).close();
  }

  private static Manifest started() {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    return manifest;
  }

  private void unsign(Path file) throws IOException {
    Path copy = file.resolveSibling(file.getFileName() + ".unsigned");
    UnsignedJar.copy(file, copy, home.bundles());
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The packages of a jar, a blank before each; its classes, and what lies beside them, are copied if that is asked for. */
  private static String packages(Path file, JarOutputStream code) throws IOException {
    Set<String> packages = new TreeSet<>();
    try (JarFile jar = new JarFile(file.toFile())) {
      for (JarEntry entry : jar.stream().filter(entry -> !entry.isDirectory() && ours(entry.getName())).toList()) {
        String name = entry.getName();
        if (name.endsWith(".class") && name.contains("/")) {
          packages.add(name.substring(0, name.lastIndexOf('/')).replace('/', '.'));
        }
        if (code != null) {
          code.putNextEntry(new JarEntry(name));
          try (InputStream content = jar.getInputStream(entry)) {
            content.transferTo(code);
          }
        }
      }
    }
    return packages.isEmpty() ? " " : " " + String.join(" ", packages);
  }

  /** What Eclipse looks for in a bundle's own jar, as plugin.xml and icons, several bundles have by one name. */
  private static boolean ours(String entry) {
    return !entry.startsWith("META-INF/") && !entry.startsWith("OSGI-INF/") && !entry.startsWith("icons/") && entry.contains("/");
  }
}
