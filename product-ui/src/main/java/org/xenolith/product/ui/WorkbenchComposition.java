// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.osgi.service.runnable.ApplicationLauncher;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.xenolith.launch.Composition;
import org.xenolith.launch.Home;

/**
 * The workbench: ours run as without a window, so do the framework's services and of Eclipse what is started when it is used: classes of the class path don't tell when that is.
 */
final class WorkbenchComposition implements Composition {
  /** The bundle that runs applications, of which the window is one. */
  static final String APPLICATIONS = "org.eclipse.equinox.app";
  private static final int LEVEL = 4;
  /** It starts the application, which wants all others. */
  private static final int LAST = 5;
  /** What must run before others, with its start level. */
  private static final Map<String, Integer> EARLY = Map.of("org.apache.felix.scr", 1, "org.apache.aries.spifly.dynamic.bundle", 2,
      "org.eclipse.equinox.common", 2, "org.eclipse.equinox.event", 2, "org.eclipse.core.jobs", 2, "org.eclipse.equinox.registry", 2,
      "org.eclipse.equinox.preferences", 3, "org.eclipse.core.contenttype", 3, "org.eclipse.core.runtime", 3, APPLICATIONS, LAST);
  /** What asks for the workbench or the user's workspace when it is started, and what stands on that: the application starts it, once these are there. */
  private static final Set<String> LATE = Set.of("org.eclipse.core.filebuffers", "org.eclipse.core.resources", "org.eclipse.debug.core",
      "org.eclipse.debug.ui", "org.eclipse.ui.console", "org.eclipse.ui.editors", "org.eclipse.ui.ide", "org.eclipse.ui.navigator");
  private static final String SHELL = "org.apache.felix.gogo.";
  /** Bundles of Eclipse. */
  private static final String ECLIPSE = "org.eclipse.";

  private final Home home;
  private final Path workspace;
  private final MainThread application;
  private volatile Framework framework;

  /**
   * The bundles of a product.
   *
   * @param workspace   where what a person arranges is kept
   * @param application runs the window; null for none
   */
  WorkbenchComposition(Home home, Path workspace, MainThread application) {
    this.home = home;
    this.workspace = workspace;
    this.application = application;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(LAST));
    settings.put("eclipse.product", "org.xenolith.ui.workbench.product");
    settings.put("eclipse.application.launchDefault", Boolean.toString(application != null));
    settings.put("osgi.install.area", home.folder().toUri().toString());
    settings.put("osgi.instance.area", workspace.toUri().toString());
    return settings;
  }

  @Override
  public int level(Bundle bundle) {
    String name = bundle.getSymbolicName();
    if (name.startsWith(SHELL) || LATE.contains(name)) {
      return 0;
    }
    return EARLY.getOrDefault(name, !name.startsWith(ECLIPSE) || bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY) != null
        ? LEVEL : 0);
  }

  @Override
  public void begin(BundleContext context) {
    framework = context.getBundle().adapt(Framework.class);
    if (application != null) {
      context.registerService(ApplicationLauncher.class, application, null);
    }
  }

  /** The framework, null until it is there. */
  Framework framework() {
    return framework;
  }
}
