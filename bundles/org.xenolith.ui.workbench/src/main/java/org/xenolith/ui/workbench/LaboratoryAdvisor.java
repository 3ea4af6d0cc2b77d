// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.jface.action.IStatusLineManager;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchPreferenceConstants;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.application.ActionBarAdvisor;
import org.eclipse.ui.application.IActionBarConfigurer;
import org.eclipse.ui.application.IWorkbenchConfigurer;
import org.eclipse.ui.application.IWorkbenchWindowConfigurer;
import org.eclipse.ui.application.WorkbenchAdvisor;
import org.eclipse.ui.application.WorkbenchWindowAdvisor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.xenolith.command.api.HostReason;

/** What the workbench starts with. Not final: the UI test hooks into its life. */
public class LaboratoryAdvisor extends WorkbenchAdvisor {
  /** The system property of the process that shows the JVM what a window needs: it closes its own. */
  private static final String TRAINING = "xenolith.training";
  /** The system property that names a file which is made once the window is open: what the process has loaded by then is worth keeping ready. */
  private static final String OPENED = "xenolith.opened";
  /** The perspective of debugging, which another bundle has. */
  private static final String DEBUG = "org.xenolith.ui.debug.perspective";
  private static final String PLATFORM = "org.eclipse.";
  private static final Point SIZE = new Point(1280, 860);
  private final Leaving leaving = new Leaving();

  @Override
  public String getInitialWindowPerspectiveId() { return LaboratoryPerspective.ID; }

  @Override
  public void initialize(IWorkbenchConfigurer workbench) {
    workbench.setSaveAndRestore(true);
  }

  /**
   * Bundles of the Platform's that wait for a workbench are started now: their classes are on the product's class path, from where they come without anybody noticing that they are used.
   */
  @Override
  public void preStartup() {
    for (Bundle bundle : FrameworkUtil.getBundle(LaboratoryAdvisor.class).getBundleContext().getBundles()) {
      if ((bundle.getState() & (Bundle.RESOLVED | Bundle.STARTING)) != 0 && bundle.getSymbolicName().startsWith(PLATFORM)
          && Constants.ACTIVATION_LAZY.equals(bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY))) {
        try {
          bundle.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
          System.err.println("xenolith: " + bundle.getSymbolicName() + " can't be used: " + e.getMessage());
        }
      }
    }
  }

  @Override
  public WorkbenchWindowAdvisor createWorkbenchWindowAdvisor(IWorkbenchWindowConfigurer window) {
    return new WorkbenchWindowAdvisor(window) {
      @Override
      public void preWindowOpen() {
        window.setTitle("Xenolith");
        window.setInitialSize(SIZE);
        window.setShowMenuBar(true);
        window.setShowCoolBar(true);
        window.setShowStatusLine(true);
        window.setShowPerspectiveBar(true);
        PlatformUI.getPreferenceStore().setDefault(IWorkbenchPreferenceConstants.PERSPECTIVE_BAR_EXTRAS, LaboratoryPerspective.ID + ","
            + DEBUG);
      }

      @Override
      public ActionBarAdvisor createActionBarAdvisor(IActionBarConfigurer bars) {
        return new ActionBarAdvisor(bars) {
          @Override
          protected void fillStatusLine(IStatusLineManager line) {
            line.add(new StatusItem(Laboratory.of(window.getWindow())));
          }
        };
      }

      @Override
      public void postWindowOpen() {
        Shell shell = window.getWindow().getShell();
        Laboratory laboratory = Laboratory.of(window.getWindow());
        laboratory.anotherFolder((folder, reason) -> anotherFolder(shell, folder, reason));
        HangNotice.open(shell, laboratory);
      }
    };
  }

  /** Asks where else a snapshot shall go; called by the machine's thread, which waits for the answer. */
  private static Optional<Path> anotherFolder(Shell shell, Path folder, String reason) {
    String[] answer = new String[1];
    Display display = shell.isDisposed() ? null : shell.getDisplay();
    if (display != null) {
      display.syncExec(() -> {
        InputDialog dialog = new InputDialog(shell, "Snapshot", "The snapshot could not be written. " + reason
            + "\n\nIt is lost with the machine unless there is another place for it. Another new folder:", folder.toString(),
            text -> BootForm.newFolder(text.strip()).isEmpty() ? null : BootForm.newFolder(text.strip()));
        answer[0] = dialog.open() == Window.OK ? dialog.getValue().strip() : null;
      });
    }
    return Optional.ofNullable(answer[0]).map(Path::of);
  }

  @Override
  public void postStartup() {
    // For who waits for it in a script: the window is there and answers.
    Display.getCurrent().asyncExec(() -> {
      System.err.println("xenolith: the workbench is open");
      say(System.getProperty(OPENED));
      if (Boolean.getBoolean(TRAINING)) {
        PlatformUI.getWorkbench().close();
      }
    });
  }

  /** Makes a file that whoever started this looks for. @param file its path; null if nobody does */
  private static void say(String file) {
    if (file != null) {
      try {
        Files.write(Path.of(file), new byte[0]);
      } catch (IOException e) {
        System.err.println("xenolith: " + file + " can't be written: " + HostReason.of(e));
      }
    }
  }

  @Override
  public boolean preShutdown() {
    return leaving.may();
  }

  /** Breakpoints and what was launched are written with the workspace. */
  @Override
  public void postShutdown() {
    try {
      ResourcesPlugin.getWorkspace().save(true, new NullProgressMonitor());
    } catch (CoreException | IllegalStateException e) {
      System.err.println("xenolith: what was arranged in this window is not kept: " + e.getMessage());
    }
  }

  /** The end, as it is prepared. */
  final Leaving leaving() {
    return leaving;
  }
}
