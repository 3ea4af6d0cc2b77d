// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** An Eclipse of somebody's, put together from Maven Central, installs models' development kit from the p2 repository by its own director. */
@Tag("full")
class P2RepositoryTest {
  private static final Set<String> CATEGORIES = new TreeSet<>(Set.of("contracts", "hardware", "hypervisor", "architectures", "firmware",
      "workbench", "sdk",
      "tests", "platform"));
  @TempDir
  Path folder;
  private CommandRun run;

  @BeforeEach
  void make() throws Exception {
    run = new CommandRun(folder);
    run.xenolith(0, "sdk", "p2");
  }

  @Test
  void aDirectorInstallsTheSdkIntoAnEclipseAndUninstallsIt() throws Exception {
    String said = run.run(0, List.of(GuideRun.root().resolve("releng/p2/try-director").toString(), folder.resolve("a place").toString()));
    Set<String> contracts = contracts();
    long bundles = Stream.of(GuideRun.root().resolve("bundles").toFile().list()).filter(name -> name.startsWith("org.xenolith.")).count();
    assertTrue(contracts.size() > 70, contracts.toString());
    for (String contract : contracts) {
      assertTrue(said.contains("resolved " + contract + " "), said);
    }
    assertTrue(said.contains(" resolved, 0 not\n") && said.contains("\nsources of " + bundles + " bundles\n"), said);
  }

  private static Set<String> contracts() throws Exception {
    NodeList plugins = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(GuideRun.root().resolve(
        "features/org.xenolith.contracts.feature/feature.xml").toFile()).getElementsByTagName("plugin");
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < plugins.getLength(); i++) {
      names.add(((Element) plugins.item(i)).getAttribute("id"));
    }
    return names;
  }

  @Test
  void itHasACategoryForEachKindOfReader() throws Exception {
    Set<String> categories = new TreeSet<>();
    try (JarFile jar = new JarFile(GuideRun.root().resolve("dist/p2/content.jar").toFile());
        InputStream content = jar.getInputStream(jar.getJarEntry("content.xml"))) {
      NodeList properties = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(content).getElementsByTagName("property");
      for (int i = 0; i < properties.getLength(); i++) {
        Element property = (Element) properties.item(i);
        if (property.getAttribute("name").equals("org.eclipse.equinox.p2.type.category")) {
          categories.add(((Element) property.getParentNode().getParentNode()).getAttribute("id").replaceFirst(".*\\.", ""));
        }
      }
    }
    assertEquals(CATEGORIES, categories);
  }

  @Test
  void eachBundleHasItsSourcesBesideIt() throws IOException {
    try (Stream<Path> files = Files.list(GuideRun.root().resolve("dist/p2/plugins"))) {
      Set<String> names = new TreeSet<>(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("org.xenolith."))
          .toList());
      Set<String> without = new TreeSet<>();
      for (String name : names) {
        if (!name.contains(".source_") && !names.contains(name.replaceFirst("_", ".source_"))) {
          without.add(name);
        }
      }
      assertEquals(Set.of(), without);
      assertTrue(names.size() > 2 * CATEGORIES.size(), names.toString());
    }
  }
}
