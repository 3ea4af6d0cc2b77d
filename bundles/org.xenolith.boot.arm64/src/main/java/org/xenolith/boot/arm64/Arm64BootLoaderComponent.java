// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.arm64;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.cpu.api.CpuDescription;

/** Offers the loader as a service. */
@Component(service = BootLoader.class, property = "xenolith.boot.format=arm64-image")
public final class Arm64BootLoaderComponent extends Arm64BootLoader {
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<CpuDescription> cpus = List.of();

  @Override
  protected List<CpuDescription> described() {
    return cpus;
  }
}
