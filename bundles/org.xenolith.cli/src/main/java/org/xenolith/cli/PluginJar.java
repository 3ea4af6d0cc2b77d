// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;
import org.xenolith.command.kit.InputFile;
import org.xenolith.command.kit.OwnFile;
import org.xenolith.command.kit.ShownName;

/** A jar as a plug-in: what can be known to be wrong with it before it is installed, in words for who made it. */
final class PluginJar {
  /** Symbolic names (OSGi Core 8, 1.3.2). */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  /** Where code may come from that isn't at its place in the jar. */
  private static final List<String> ELSEWHERE = List.of(Constants.BUNDLE_CLASSPATH, Constants.REQUIRE_BUNDLE,
      Constants.DYNAMICIMPORT_PACKAGE);
  private static final String COMPONENTS = "Service-Component";

  private final JarFile jar;
  private final Attributes main;

  private PluginJar(JarFile jar, Attributes main) {
    this.jar = jar;
    this.main = main;
  }

  /**
   * The bundle that a file is, by its symbolic name.
   *
   * @throws IOException if it can't be used; the message says why, without the file's name
   */
  static String symbolicName(Path file) throws IOException {
    InputFile.check(file, InputFile.GUEST);
    OwnFile.require(file);
    try {
      JarSignature.signer(file);
      return named(file);
    } catch (ZipException e) {
      throw new IOException("not a bundle: it is no jar file, or only part of one", e);
    }
  }

  private static String named(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      String name = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
      if (name == null) {
        throw new IOException("not a bundle: its manifest has no Bundle-SymbolicName");
      }
      new PluginJar(jar, manifest.getMainAttributes()).check();
      return first(name);
    }
  }

  /** A header without attributes and directives. */
  private static String first(String header) {
    return header.replaceFirst(";.*", "").strip();
  }

  private void check() throws IOException {
    String name = first(main.getValue(Constants.BUNDLE_SYMBOLICNAME));
    if (!NAME.matcher(name).matches()) {
      throw new IOException("its Bundle-SymbolicName '" + ShownName.of(name)
          + "' can't be one: it has words of letters, digits, - and _, with dots between them");
    }
    String version = main.getValue(Constants.BUNDLE_VERSION);
    try {
      Version.parseVersion(version);
    } catch (IllegalArgumentException e) {
      throw new IOException("its Bundle-Version '" + ShownName.of(version) + "' can't be one: it has up to three numbers, as 1.0.2", e);
    }
    String host = main.getValue(Constants.FRAGMENT_HOST);
    if (host != null) {
      throw new IOException("it is a fragment of " + ShownName.of(first(host))
          + ", which can't be changed while it runs: make it a bundle, without Fragment-Host");
    }
    Bundle own = FrameworkUtil.getBundle(PluginJar.class);
    if (own != null) {
      PluginImports.of(own.getBundleContext()).check(main);
    }
    requireClass("its Bundle-Activator", main.getValue(Constants.BUNDLE_ACTIVATOR));
    String components = main.getValue(COMPONENTS);
    for (String each : components == null ? new String[0] : components.split(",")) {
      for (String entry : entries(first(each))) {
        component(entry);
      }
    }
  }

  /** The entries that one word of {@code Service-Component} names. */
  private List<String> entries(String word) throws IOException {
    if (word.contains("*")) {
      Pattern names = Pattern.compile("\\Q" + word.replace("*", "\\E[^/]*\\Q") + "\\E");
      try (Stream<? extends ZipEntry> all = jar.stream()) {
        return new ArrayList<>(all.map(ZipEntry::getName).filter(name -> names.matcher(name).matches()).toList());
      }
    }
    if (!word.isEmpty() && jar.getEntry(word.replaceFirst("^/", "")) == null) {
      throw new IOException("its Service-Component names " + ShownName.of(word) + ", which isn't in it");
    }
    return word.isEmpty() ? List.of() : List.of(word.replaceFirst("^/", ""));
  }

  private void component(String entry) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      XMLStreamReader reader = factory.createXMLStreamReader(in);
      String name = entry;
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamConstants.START_ELEMENT && reader.getLocalName().equals("implementation")) {
          requireClass("its component " + ShownName.of(name), reader.getAttributeValue(null, "class"));
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException("its component " + ShownName.of(entry) + " is no XML: at line " + e.getLocation().getLineNumber() + ", column "
          + e.getLocation().getColumnNumber(), e);
    }
  }

  /** Refuses a class that can't come from anywhere. */
  private void requireClass(String who, String type) throws IOException {
    if (type == null || jar.getEntry(type.strip().replace('.', '/') + ".class") != null || ELSEWHERE.stream().anyMatch(
        header -> main.getValue(header) != null)) {
      return;
    }
    int dot = type.lastIndexOf('.');
    String imports = main.getValue(Constants.IMPORT_PACKAGE);
    if (imports == null || dot < 0 || !imports.contains(type.substring(0, dot))) {
      throw new IOException(who + " names the class " + ShownName.of(type) + ", which isn't in it");
    }
  }
}
