// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.Map;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationType;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.Launch;
import org.eclipse.debug.core.model.LaunchConfigurationDelegate;
import org.eclipse.ui.PlatformUI;
import org.xenolith.ui.workbench.Laboratory.Phase;

/** Boots what a launch configuration says: the texts of the boot dialog's fields. */
public final class MachineLaunch extends LaunchConfigurationDelegate {
  /** Of the type of configurations. */
  static final String TYPE = "org.xenolith.ui.workbench.machine";
  /** The attribute of a configuration that has the texts of fields by the names of options. */
  static final String FIELDS = "org.xenolith.fields";
  private static final String PLUGIN = "org.xenolith.ui.workbench";

  /** Boots what is asked for, and keeps it as a configuration. @param form without faults */
  static void boot(BootForm form, Laboratory laboratory) {
    RunRequest request = form.request();
    try {
      ILaunch launch = new Launch(keep(form), ILaunchManager.DEBUG_MODE, null);
      DebugPlugin.getDefault().getLaunchManager().addLaunch(launch);
      removeIfRefused(launch, laboratory);
    } catch (CoreException e) {
      // It can be booted without being kept.
      System.err.println("xenolith: the launch is not kept as a configuration: " + e.getMessage());
    }
    laboratory.boot(request);
  }

  /** A launch that comes to no machine has nothing to show. */
  private static void removeIfRefused(ILaunch launch, Laboratory laboratory) {
    laboratory.watch(new Runnable() {
      @Override
      public void run() {
        Phase phase = laboratory.status().phase();
        if (phase == Phase.PREPARING) {
          return;
        }
        laboratory.forget(this);
        if (launch.getDebugTarget() == null) {
          DebugPlugin.getDefault().getLaunchManager().removeLaunch(launch);
        }
      }
    });
  }

  /**
   * Keeps what is asked for as a configuration, which takes the place of one of the same name.
   *
   * @param form without faults
   */
  static ILaunchConfiguration keep(BootForm form) throws CoreException {
    ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
    ILaunchConfigurationType type = launches.getLaunchConfigurationType(TYPE);
    String name = launches.isValidLaunchConfigurationName(name(form)) ? name(form) : "machine";
    ILaunchConfigurationWorkingCopy copy = type.newInstance(null, name);
    copy.setAttribute(FIELDS, form.texts());
    return copy.doSave();
  }

  private static String name(BootForm form) {
    String board = form.get("board");
    String what = !form.get("load").isEmpty() ? "snapshot " + file(form.get("load")) : !form.get("kernel").isEmpty() ? file(form.get(
        "kernel"))
        : form.get("guest").isEmpty() ? "debian" : form.get("guest");
    return what + (board.isEmpty() ? "" : " on " + file(board));
  }

  private static String file(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public void launch(ILaunchConfiguration configuration, String mode, ILaunch launch, IProgressMonitor monitor) throws CoreException {
    Laboratory laboratory = Laboratory.of(PlatformUI.getWorkbench());
    BootForm form = laboratory.empty();
    configuration.getAttribute(FIELDS, Map.of()).forEach(form::set);
    Map<String, String> faults = form.faults();
    if (!faults.isEmpty()) {
      throw refused(String.join("\n", faults.values()));
    }
    if (laboratory.busy()) {
      throw refused("A machine is running: stop it first.");
    }
    RunRequest request = form.request();
    laboratory.form(form);
    removeIfRefused(launch, laboratory);
    laboratory.boot(request);
  }

  private static CoreException refused(String why) {
    return new CoreException(new Status(IStatus.ERROR, PLUGIN, why));
  }
}
