// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.share.api.SharedFolders;

/** Connects folders of the host with models that ask for them, whatever the launch asked for. */
@Component(property = "service.ranking:Integer=-41")
public final class NodeFoldersShaper implements LaunchShaper {
  private volatile SharedFolders folders;

  /** Who serves folders is installed. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
  void setFolders(SharedFolders newFolders) { folders = newFolders; }

  /** And is no more. */
  void unsetFolders(SharedFolders oldFolders) {
    if (folders == oldFolders) {
      folders = null;
    }
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return true;
  }

  @Override
  public Runnable connect(Machine machine, LaunchRequest request, Consumer<String> told) {
    return new NodeFolders(machine, () -> folders, told).open();
  }
}
