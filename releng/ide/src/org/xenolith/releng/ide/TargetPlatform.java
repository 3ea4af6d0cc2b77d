// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.ide;

import java.nio.file.Path;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.pde.core.target.ITargetDefinition;
import org.eclipse.pde.core.target.ITargetHandle;
import org.eclipse.pde.core.target.ITargetLocation;
import org.eclipse.pde.core.target.ITargetPlatformService;
import org.eclipse.pde.core.target.LoadTargetDefinitionJob;
import org.eclipse.pde.internal.core.target.TargetPlatformService;

/** The bundles that the projects are compiled against and that are no projects themselves. */
final class TargetPlatform {

  private static final String NAME = "Xenolith";

  private TargetPlatform() {}

  /** Makes the bundles of this folder the target platform. */
  static void use(Path folder) throws CoreException, InterruptedException {
    ITargetPlatformService service = TargetPlatformService.getDefault();
    for (ITargetHandle handle : service.getTargets(new NullProgressMonitor())) {
      if (NAME.equals(handle.getTargetDefinition().getName())) {
        service.deleteTarget(handle);
      }
    }
    ITargetDefinition target = service.newTarget();
    target.setName(NAME);
    target.setTargetLocations(new ITargetLocation[] {service.newDirectoryLocation(folder.toString())});
    IStatus resolved = target.resolve(new NullProgressMonitor());
    if (resolved.getSeverity() == IStatus.ERROR) {
      throw new CoreException(resolved);
    }
    service.saveTargetDefinition(target);
    LoadTargetDefinitionJob load = new LoadTargetDefinitionJob(target);
    load.schedule();
    load.join();
    if (!load.getResult().isOK()) {
      throw new CoreException(load.getResult());
    }
  }
}
