// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.osgi.framework.VersionRange;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.ShownName;

/** A folder of bundles, in whatever folders below it: a Maven or a p2 repository, or jars that lie side by side. Its features are lists of bundles. */
final class BundleRepository {
  private static final String FEATURE = "feature.xml";
  private final Path folder;
  private final List<BundleFile> bundles = new ArrayList<>();
  private final List<Path> features = new ArrayList<>();

  /** Reads what is in a folder. @throws BadInput if there is none */
  BundleRepository(Path folder) throws IOException {
    this.folder = folder;
    if (!Files.isDirectory(folder)) {
      throw new BadInput("--from '" + ShownName.of(folder) + "': no such folder");
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path jar : files.filter(BundleRepository::isCode).sorted().toList()) {
        BundleFile bundle = BundleFile.of(jar);
        if (bundle != null) {
          bundles.add(bundle);
        } else if (isFeature(jar)) {
          features.add(jar);
        }
      }
    }
    bundles.sort(Comparator.comparing(BundleFile::version));
  }

  private static boolean isCode(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".jar") && !name.endsWith("-sources.jar") && !name.endsWith("-javadoc.jar");
  }

  private static boolean isFeature(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      return jar.getEntry(FEATURE) != null;
    }
  }

  /**
   * What has to be installed for a feature or a bundle of this name, what others need first.
   *
   * @param given whether a package of that version is there without it
   * @throws BadInput if there is no such feature and no such bundle
   */
  List<BundleFile> needed(String name, BiPredicate<String, VersionRange> given) throws IOException {
    Set<BundleFile> needed = new LinkedHashSet<>();
    List<String> asked = new ArrayList<>();
    for (Path feature : features) {
      asked.addAll(plugins(feature, name));
    }
    if (asked.isEmpty()) {
      add(newest(name).orElseThrow(() -> new BadInput("install '" + ShownName.of(name) + "': " + ShownName.of(folder)
          + " has no feature and no bundle of this name")),
          given, needed, new LinkedHashSet<>());
    }
    for (String each : asked) {
      add(newest(each).orElseThrow(() -> new BadInput("install: the feature '" + ShownName.of(name) + "' names the bundle " + ShownName.of(
          each) + ", which isn't in "
          + ShownName.of(folder))), given, needed, new LinkedHashSet<>());
    }
    return List.copyOf(needed);
  }

  private Optional<BundleFile> newest(String name) {
    return bundles.reversed().stream().filter(bundle -> bundle.name().equals(name)).findFirst();
  }

  /** @param above those that led here: bundles may need each other */
  private void add(BundleFile bundle, BiPredicate<String, VersionRange> given, Set<BundleFile> needed, Set<BundleFile> above) {
    if (above.add(bundle)) {
      bundle.imports().forEach((name, range) -> {
        if (!bundle.exports().containsKey(name) && !given.test(name, range)) {
          // Of what comes anyhow rather than one more.
          Stream.of(above, needed, bundles.reversed()).flatMap(Collection::stream).filter(other -> other.exports().containsKey(name)
              && range.includes(
                  other.exports().get(name))).findFirst().ifPresent(other -> add(other, given, needed, above));
        }
      });
      needed.add(bundle);
    }
  }

  /** The bundles that a feature lists; none if it has another name. */
  private static List<String> plugins(Path feature, String name) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    List<String> plugins = new ArrayList<>();
    try (JarFile jar = new JarFile(feature.toFile())) {
      ZipEntry entry = jar.getEntry(FEATURE);
      try (InputStream in = jar.getInputStream(entry)) {
        XMLStreamReader reader = factory.createXMLStreamReader(in);
        while (reader.hasNext()) {
          if (reader.next() == XMLStreamConstants.START_ELEMENT) {
            String id = reader.getAttributeValue(null, "id");
            if (reader.getLocalName().equals("feature") && !name.equals(id)) {
              return List.of();
            }
            if (reader.getLocalName().equals("plugin") && id != null) {
              plugins.add(id);
            }
          }
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException(FEATURE + " in " + ShownName.of(feature) + " is no XML: " + e.getMessage(), e);
    }
    return plugins;
  }
}
