// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.ide;

import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.model.IProcess;

/** The launch configurations of {@code releng/ide/launch}, run without a window. */
final class LaunchConfigurations {

  private LaunchConfigurations() {}

  /** Runs one to its end, with its output on ours; false if its exit code is not 0. */
  static boolean run(String name) throws CoreException, InterruptedException {
    IFile file = ResourcesPlugin.getWorkspace().getRoot().getProject(ProjectFiles.TOOLS).getFile("launch/" + name + ".launch");
    System.out.println("running " + name);
    ILaunch launch = DebugPlugin.getDefault().getLaunchManager().getLaunchConfiguration(file)
        .launch(ILaunchManager.RUN_MODE, null);
    boolean fine = launch.getProcesses().length > 0;
    for (IProcess process : launch.getProcesses()) {
      while (!process.isTerminated()) {
        Thread.sleep(50);
      }
      System.out.print(process.getStreamsProxy().getOutputStreamMonitor().getContents());
      System.out.print(process.getStreamsProxy().getErrorStreamMonitor().getContents());
      fine &= process.getExitValue() == 0;
    }
    System.out.println(name + (fine ? " ended" : " failed"));
    return fine;
  }
}
