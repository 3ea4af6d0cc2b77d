// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.ide;

import java.nio.file.Path;
import java.util.List;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.equinox.app.IApplication;
import org.eclipse.equinox.app.IApplicationContext;

/**
 * Makes an Eclipse workspace of a checkout without a window: writes the project files, imports all projects, sets the target
 * platform, builds everything and lists the error markers.
 *
 * <p>Arguments: the checkout, the folder that has the jars, and {@code --run NAME} for each launch configuration that is to be run
 * after the build. The exit code is 1 if there is an error marker or a run failed.
 */
public final class IdeApplication implements IApplication {

  private static final Integer FAILED = 1;

  @Override
  public Object start(IApplicationContext context) throws Exception {
    String[] arguments = (String[]) context.getArguments().get(IApplicationContext.APPLICATION_ARGS);
    Path root = Path.of(arguments[0]);
    Path folder = Path.of(arguments[1]);
    List<ProjectFiles> projects = ProjectFiles.of(root, folder);
    for (ProjectFiles project : projects) {
      project.write();
    }
    Workspace workspace = new Workspace(ResourcesPlugin.getWorkspace());
    workspace.useCompilerAndFormatter(root.resolve("releng/format/java.xml"));
    workspace.importProjects(projects);
    TargetPlatform.use(folder.resolve("platform"));
    workspace.build();
    int errors = report(workspace, root);
    boolean failed = errors > 0;
    for (int i = 2; i + 1 < arguments.length && !failed; i += 2) {
      failed = !LaunchConfigurations.run(arguments[i + 1]);
    }
    workspace.save();
    return failed ? FAILED : EXIT_OK;
  }

  private static int report(Workspace workspace, Path root) throws CoreException {
    List<IMarker> errors = workspace.errors();
    for (IMarker marker : errors) {
      Path file = marker.getResource().getLocation().toFile().toPath();
      System.out.println(root.relativize(file) + ":" + marker.getAttribute(IMarker.LINE_NUMBER, 0) + ": "
          + marker.getAttribute(IMarker.MESSAGE, ""));
    }
    System.out.println(workspace.projects() + " projects, " + workspace.classFiles() + " classes, " + errors.size()
        + " error markers");
    return errors.size();
  }

  @Override
  public void stop() {
    // It ends by itself.
  }
}
