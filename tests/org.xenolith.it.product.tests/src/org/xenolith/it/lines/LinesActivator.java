// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.lines;

import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Gives the OSGi shell the command {@code lines}. */
public final class LinesActivator implements BundleActivator {
  /** Made by the framework. */
  public LinesActivator() {}

  @Override
  public void start(BundleContext context) {
    Hashtable<String, Object> properties = new Hashtable<>();
    properties.put("osgi.command.scope", "test");
    properties.put("osgi.command.function", "lines");
    context.registerService(CommandLines.class, new CommandLines(context), properties);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the service back
  }
}
