// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.ide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IProjectDescription;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.IWorkspace;
import org.eclipse.core.resources.IWorkspaceDescription;
import org.eclipse.core.resources.IncrementalProjectBuilder;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IPath;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.core.JavaCore;

/** An Eclipse workspace that is worked on without a window. */
final class Workspace {

  /** A manifest that is made from a {@code pde.bnd} changes the class paths of others: builds until nothing changes any more. */
  private static final int MOST_BUILDS = 6;

  private static final Pattern SETTING = Pattern.compile("<setting id=\"([^\"]+)\" value=\"([^\"]*)\"/>");

  private final IWorkspace workspace;

  Workspace(IWorkspace workspace) throws CoreException {
    this.workspace = workspace;
    automatic(false);
  }

  private void automatic(boolean on) throws CoreException {
    IWorkspaceDescription description = workspace.getDescription();
    description.setAutoBuilding(on);
    workspace.setDescription(description);
  }

  /** Compiles Java 25 and lays sources out as the build wants them. */
  void useCompilerAndFormatter(Path profile) throws IOException {
    Hashtable<String, String> options = JavaCore.getOptions();
    JavaCore.setComplianceOptions(JavaCore.VERSION_25, options);
    SETTING.matcher(Files.readString(profile)).results().forEach(setting -> options.put(setting.group(1), setting.group(2)));
    JavaCore.setOptions(options);
  }

  /** Imports the projects and forgets those that are gone. */
  void importProjects(List<ProjectFiles> projects) throws CoreException {
    Set<String> names = projects.stream().map(ProjectFiles::name).collect(Collectors.toSet());
    workspace.run(_ -> {
      for (IProject project : workspace.getRoot().getProjects()) {
        if (!names.contains(project.getName())) {
          project.delete(false, true, null);
        }
      }
      for (ProjectFiles files : projects) {
        IProjectDescription description = workspace.loadProjectDescription(
            IPath.fromPath(files.folder().resolve(".project")));
        IProject project = workspace.getRoot().getProject(description.getName());
        if (!project.exists()) {
          project.create(description, null);
        }
        project.open(null);
        project.refreshLocal(IResource.DEPTH_INFINITE, null);
      }
    }, new NullProgressMonitor());
  }

  /** Builds what changed, in a new workspace everything, and again as long as that changes what is wrong. */
  void build() throws CoreException, InterruptedException {
    settle();
    boolean fresh = classFiles() == 0;
    if (fresh) {
      workspace.build(IncrementalProjectBuilder.CLEAN_BUILD, null);
      settle();
    }
    String before;
    String after = "";
    int builds = 0;
    do {
      before = after;
      workspace.build(fresh && builds == 0 ? IncrementalProjectBuilder.FULL_BUILD : IncrementalProjectBuilder.INCREMENTAL_BUILD, null);
      settle();
      workspace.getRoot().refreshLocal(IResource.DEPTH_INFINITE, null);
      settle();
      after = summary();
      System.out.println("pass " + ++builds + ": " + classFiles() + " classes");
    } while (builds < MOST_BUILDS && !after.equals(before));
  }

  private String summary() throws CoreException {
    return errors().size() + " " + classFiles();
  }

  /** Waits until no job changes anything any more. */
  private static void settle() throws InterruptedException {
    Job.getJobManager().join(ResourcesPlugin.FAMILY_MANUAL_BUILD, null);
    Job.getJobManager().join(ResourcesPlugin.FAMILY_AUTO_BUILD, null);
    for (int quiet = 0; quiet < 3; quiet++) {
      Thread.sleep(100);
      for (Job job : Job.getJobManager().find(null)) {
        if (!job.isSystem() && job.getState() != Job.SLEEPING || job.belongsTo(ResourcesPlugin.FAMILY_AUTO_REFRESH)) {
          job.join();
          quiet = 0;
        }
      }
    }
  }

  List<IMarker> errors() throws CoreException {
    List<IMarker> errors = new ArrayList<>();
    for (IMarker marker : workspace.getRoot().findMarkers(IMarker.PROBLEM, true, IResource.DEPTH_INFINITE)) {
      if (marker.getAttribute(IMarker.SEVERITY, IMarker.SEVERITY_INFO) == IMarker.SEVERITY_ERROR) {
        errors.add(marker);
      }
    }
    return errors;
  }

  int projects() {
    return workspace.getRoot().getProjects().length;
  }

  /** How many class files the builders made. */
  int classFiles() throws CoreException {
    int[] count = {0};
    for (IProject project : workspace.getRoot().getProjects()) {
      project.accept(proxy -> {
        if (proxy.getType() == IResource.FILE && proxy.getName().endsWith(".class") && proxy.isDerived()) {
          count[0]++;
        }
        return true;
      }, IResource.NONE);
    }
    return count[0];
  }

  void save() throws CoreException {
    automatic(true);
    workspace.save(true, null);
  }
}
