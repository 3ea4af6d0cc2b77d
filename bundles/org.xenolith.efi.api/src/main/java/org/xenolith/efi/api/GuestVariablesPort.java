// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.util.UUID;
import org.xenolith.machine.api.RolePort;

/**
 * Port of the variables of domains, at the hypervisor's node. Without a provider every call is NOT_READY: variables are elsewhere for the
 * moment, and neither NOT_FOUND nor an empty store would be true.
 */
public final class GuestVariablesPort extends RolePort<GuestVariables> implements GuestVariables {
  @Override
  public void begins(UUID domain) {
    tell(stores -> stores.begins(domain));
  }

  @Override
  public void exitBootServices(UUID domain) {
    tell(stores -> stores.exitBootServices(domain));
  }

  @Override
  public VariableAnswer getVariable(UUID domain, VariableName name, long bufferSize) {
    return ask(VariableAnswer.of(EfiStatus.NOT_READY), stores -> stores.getVariable(domain, name, bufferSize));
  }

  @Override
  public NameAnswer getNextVariableName(UUID domain, VariableName previous, long bufferSize) {
    return ask(NameAnswer.of(EfiStatus.NOT_READY), stores -> stores.getNextVariableName(domain, previous, bufferSize));
  }

  @Override
  public EfiStatus setVariable(UUID domain, VariableName name, int attributes, byte[] data) {
    return ask(EfiStatus.NOT_READY, stores -> stores.setVariable(domain, name, attributes, data));
  }

  @Override
  public SpaceAnswer queryVariableInfo(UUID domain, int attributes) {
    return ask(SpaceAnswer.of(EfiStatus.NOT_READY), stores -> stores.queryVariableInfo(domain, attributes));
  }

  @Override
  public CounterAnswer getNextHighMonotonicCount(UUID domain) {
    return ask(CounterAnswer.of(EfiStatus.NOT_READY), stores -> stores.getNextHighMonotonicCount(domain));
  }
}
