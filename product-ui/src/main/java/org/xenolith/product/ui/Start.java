// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.eclipse.core.runtime.adaptor.EclipseStarter;
import org.xenolith.launch.Publication;

/** Starts the workbench from the product's folder that this class lies in, and keeps that folder as long as it runs. */
public final class Start {

  /** Keeps this product's folder; never closed. */
  @SuppressWarnings("unused")
  private static FileChannel running;

  private Start() {}

  /** Arguments: those of the framework. */
  public static void main(String[] arguments) throws Exception {
    Path jar = Path.of(Start.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    running = Publication.use(jar.getParent().getParent());
    EclipseStarter.main(arguments);
  }
}
