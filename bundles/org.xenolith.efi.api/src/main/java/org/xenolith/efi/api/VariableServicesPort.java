// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.xenolith.machine.api.RolePort;

/**
 * The part of a port that has to do with variables. Without a provider every call is NOT_READY: variables are elsewhere for the moment, and
 * neither NOT_FOUND nor an empty store would be true.
 *
 * @param <T> what the provider implements
 */
abstract class VariableServicesPort<T extends VariableServices> extends RolePort<T> implements VariableServices {
  @Override
  public final VariableAnswer getVariable(VariableName name, long bufferSize) {
    return ask(VariableAnswer.of(EfiStatus.NOT_READY), variables -> variables.getVariable(name, bufferSize));
  }

  @Override
  public final NameAnswer getNextVariableName(VariableName previous, long bufferSize) {
    return ask(NameAnswer.of(EfiStatus.NOT_READY), variables -> variables.getNextVariableName(previous, bufferSize));
  }

  @Override
  public final EfiStatus setVariable(VariableName name, int attributes, byte[] data) {
    return ask(EfiStatus.NOT_READY, variables -> variables.setVariable(name, attributes, data));
  }

  @Override
  public final SpaceAnswer queryVariableInfo(int attributes) {
    return ask(SpaceAnswer.of(EfiStatus.NOT_READY), variables -> variables.queryVariableInfo(attributes));
  }

  @Override
  public final CounterAnswer getNextHighMonotonicCount() {
    return ask(CounterAnswer.of(EfiStatus.NOT_READY), VariableServices::getNextHighMonotonicCount);
  }
}
