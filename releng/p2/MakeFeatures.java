
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Lays out what p2's publisher makes a repository of: features, by features/features.txt, their bundles, a source bundle of each of ours, and what others made that
 * they need; and category.xml.
 */
public final class MakeFeatures {
  private static final String OURS = "org.xenolith.";
  private static final String CONTRACTS = "contracts";
  private static final Pattern PLUGIN = Pattern.compile("<plugin\\s+id=\"([^\"]+)\"");

  private final Path root;
  private final Path to;
  private final Map<String, Bundle> ours = new TreeMap<>();
  /** Label and bundles by the feature's name. */
  private final Map<String, String> labels = new LinkedHashMap<>();
  private final Map<String, Set<String>> members = new LinkedHashMap<>();
  private final String release;
  private String qualifier = "";

  private record Bundle(String name, String version, boolean fragment) {}

  private MakeFeatures(Path root, Path to, String release) {
    this.root = root;
    this.to = to;
    this.release = release;
  }

  /** Arguments: the checkout, the folder to make, the release, then folders of jars that others made. Prints how many bundles of ours there are. */
  public static void main(String[] arguments) throws IOException {
    MakeFeatures features = new MakeFeatures(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
    Files.createDirectories(features.to.resolve("plugins"));
    features.copyOurs();
    for (String folder : List.of(arguments).subList(3, arguments.length)) {
      features.copyOthers(Path.of(folder));
    }
    features.assign();
    features.write();
    System.out.println(features.ours.size());
  }

  private void copyOurs() throws IOException {
    for (Path folder : listed(root.resolve("bundles"))) {
      String name = folder.getFileName().toString();
      for (Path jar : listed(folder.resolve("target"))) {
        if (jar.getFileName().toString().matches(Pattern.quote(name) + "-[\\d.]+-SNAPSHOT\\.jar")) {
          Bundle bundle = copy(jar);
          ours.put(name, bundle);
          // All have the same form, so that the newest is the greatest.
          String last = bundle.version.substring(bundle.version.lastIndexOf('.') + 1);
          qualifier = last.compareTo(qualifier) > 0 ? last : qualifier;
          sources(folder, bundle);
        }
      }
    }
  }

  /** What isn't a bundle can't be had from p2. */
  private void copyOthers(Path folder) throws IOException {
    for (Path jar : listed(folder)) {
      if (jar.toString().endsWith(".jar") && !jar.getFileName().toString().startsWith(OURS)) {
        copy(jar);
      }
    }
  }

  private Bundle copy(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Attributes main = jar.getManifest() == null ? new Attributes() : jar.getManifest().getMainAttributes();
      String name = main.getValue("Bundle-SymbolicName");
      if (name == null) {
        return null;
      }
      Bundle bundle = new Bundle(name.replaceFirst(";.*", "").strip(), main.getValue("Bundle-Version").strip(), main.getValue(
          "Fragment-Host") != null);
      Path copy = to.resolve("plugins").resolve(bundle.name + "_" + bundle.version + ".jar");
      if (!Files.exists(copy)) {
        Files.copy(file, copy);
      }
      return bundle;
    }
  }

  /** The sources of a bundle as Eclipse looks for them. */
  private void sources(Path folder, Bundle of) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", of.name + ".source");
    main.putValue("Bundle-Name", of.name + ", sources");
    main.putValue("Bundle-Vendor", "Xenolith");
    main.putValue("Bundle-Version", of.version);
    main.putValue("Eclipse-SourceBundle", of.name + ";version=\"" + of.version + "\";roots:=\".\"");
    try (OutputStream file = Files.newOutputStream(to.resolve("plugins").resolve(of.name + ".source_" + of.version + ".jar"));
        JarOutputStream jar = new JarOutputStream(file, manifest)) {
      for (String part : List.of("src/main/java", "src-gen")) {
        Path sources = folder.resolve(part);
        if (Files.isDirectory(sources)) {
          try (Stream<Path> all = Files.walk(sources)) {
            for (Path each : all.filter(Files::isRegularFile).sorted().toList()) {
              jar.putNextEntry(new ZipEntry(sources.relativize(each).toString()));
              Files.copy(each, jar);
            }
          }
        }
      }
    }
  }

  private void assign() throws IOException {
    Map<String, String> left = new TreeMap<>();
    ours.keySet().forEach(name -> left.put(name.substring(OURS.length()), name));
    String feature = "";
    for (String line : Files.readAllLines(root.resolve("features/features.txt"))) {
      if (line.startsWith("  ")) {
        for (String pattern : line.strip().split(" +")) {
          Pattern names = Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
          for (String name : List.copyOf(left.keySet())) {
            if (names.matcher(name).matches()) {
              members.get(feature).add(left.remove(name));
            }
          }
        }
      } else if (!line.isBlank() && !line.startsWith("#")) {
        feature = line.replaceFirst(" .*", "");
        labels.put(feature, line.substring(feature.length()).strip());
        members.put(feature, new TreeSet<>());
        if (feature.equals(CONTRACTS)) {
          String xml = Files.readString(root.resolve("features/org.xenolith.contracts.feature/feature.xml"));
          PLUGIN.matcher(xml).results().forEach(match -> members.get(CONTRACTS).add(match.group(1)));
          left.values().removeAll(members.get(CONTRACTS));
        }
      }
    }
  }

  private void write() throws IOException {
    for (Map.Entry<String, Set<String>> feature : members.entrySet()) {
      write(feature.getKey(), labels.get(feature.getKey()), List.of(), feature.getValue().stream().map(ours::get).toList());
    }
    List<Bundle> sources = new ArrayList<>();
    ours.values().forEach(each -> sources.add(new Bundle(each.name + ".source", each.version, false)));
    labels.put("source", "The sources of all bundles");
    write("source", labels.get("source"), List.of(), sources);
    labels.put("sdk", "For who writes models: contracts, test kits and sources");
    write("sdk", labels.get("sdk"), List.of(CONTRACTS, "tests", "source"), List.of());
    StringBuilder categories = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<site>\n");
    for (String name : labels.keySet()) {
      categories.append("  <feature id=\"" + id(name) + "\" version=\"" + version() + "\"><category name=\"" + category(name)
          + "\"/></feature>\n");
    }
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (category(label.getKey()).equals(label.getKey())) {
        categories.append("  <category-def name=\"" + label.getKey() + "\" label=\"" + title(label.getKey()) + "\"><description>" + label
            .getValue() + "</description></category-def>\n");
      }
    }
    Files.writeString(to.resolve("category.xml"), categories.append("</site>\n"));
  }

  /** Sources are the kit's. */
  private static String category(String feature) {
    return feature.equals("source") ? "sdk" : feature;
  }

  private static String title(String category) {
    return "Xenolith: " + (category.equals("sdk") ? "SDK" : category);
  }

  private static String id(String feature) {
    return OURS + feature + ".feature";
  }

  private String version() {
    return release + "." + qualifier;
  }

  private void write(String name, String label, List<String> included, List<Bundle> bundles) throws IOException {
    StringBuilder xml = new StringBuilder("""
        <?xml version="1.0" encoding="UTF-8"?>
        <feature id="%s" label="%s" version="%s" provider-name="Xenolith">
          <description>%s</description>
          <license url="https://www.eclipse.org/legal/epl-2.0/">Eclipse Public License 2.0</license>
        """.formatted(id(name), title(name), version(), label));
    for (String each : included) {
      xml.append("  <includes id=\"" + id(each) + "\" version=\"" + version() + "\"/>\n");
    }
    for (Bundle each : bundles) {
      xml.append("  <plugin id=\"" + each.name + "\" version=\"" + each.version + "\"" + (each.fragment ? " fragment=\"true\"" : "")
          + " unpack=\"false\"/>\n");
    }
    Path folder = Files.createDirectories(to.resolve("features").resolve(id(name) + "_" + version()));
    Files.writeString(folder.resolve("feature.xml"), xml.append("</feature>\n"));
  }

  private static List<Path> listed(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
