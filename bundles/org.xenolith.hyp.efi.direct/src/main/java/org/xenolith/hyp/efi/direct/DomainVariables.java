// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.GuestVariables;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariableServices;

/**
 * The variables of one domain, as runtime services see them.
 *
 * @param booting whether the domain still has boot services: for who calls without them they are over
 */
record DomainVariables(GuestVariables stores, UUID domain, BooleanSupplier booting) implements VariableServices {
  private GuestVariables ready() {
    if (!booting.getAsBoolean()) {
      stores.exitBootServices(domain);
    }
    return stores;
  }

  @Override
  public VariableAnswer getVariable(VariableName name, long bufferSize) {
    return ready().getVariable(domain, name, bufferSize);
  }

  @Override
  public NameAnswer getNextVariableName(VariableName previous, long bufferSize) {
    return ready().getNextVariableName(domain, previous, bufferSize);
  }

  @Override
  public EfiStatus setVariable(VariableName name, int attributes, byte[] data) {
    return ready().setVariable(domain, name, attributes, data);
  }

  @Override
  public SpaceAnswer queryVariableInfo(int attributes) {
    return ready().queryVariableInfo(domain, attributes);
  }

  @Override
  public CounterAnswer getNextHighMonotonicCount() { return ready().getNextHighMonotonicCount(domain); }
}
