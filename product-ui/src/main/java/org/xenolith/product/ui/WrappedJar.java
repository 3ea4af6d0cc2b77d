// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Jar;
import java.io.IOException;
import java.nio.file.Path;
import java.io.StringReader;
import java.util.Properties;
import java.util.jar.Manifest;

/** Makes a bundle of a jar that is none, by the instructions in the target definition. */
final class WrappedJar {

  private WrappedJar() {}

  /** Writes the bundle. */
  static void write(Path jar, String version, String instructions, Path bundle) throws Exception {
    Properties properties = new Properties();
    properties.load(new StringReader(instructions));
    try (Analyzer analyzer = new Analyzer(new Jar(jar.toFile()))) {
      analyzer.setProperties(properties);
      analyzer.setProperty("mvnVersion", version);
      // When and by which Java it was made: two builds are to give the same bytes.
      analyzer.setProperty(Constants.NOEXTRAHEADERS, "true");
      Manifest manifest = analyzer.calcManifest();
      if (!analyzer.getErrors().isEmpty()) {
        throw new IOException(jar + ": " + analyzer.getErrors());
      }
      analyzer.getJar().setManifest(manifest);
      analyzer.getJar().write(bundle.toFile());
    }
  }
}
