// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/**
 * Port of the variable store, at the firmware's node. Without a provider every call is NOT_READY: variables are elsewhere for the moment,
 * and neither NOT_FOUND nor an empty store would be true.
 */
public final class VariablesPort extends FirmwareRolePort<VariableStore> implements VariableStore {
  @Override
  public VariableAnswer getVariable(VariableName name, long bufferSize) {
    return ask(VariableAnswer.of(EfiStatus.NOT_READY), store -> store.getVariable(name, bufferSize));
  }

  @Override
  public NameAnswer getNextVariableName(VariableName previous, long bufferSize) {
    return ask(NameAnswer.of(EfiStatus.NOT_READY), store -> store.getNextVariableName(previous, bufferSize));
  }

  @Override
  public EfiStatus setVariable(VariableName name, int attributes, byte[] data) {
    return ask(EfiStatus.NOT_READY, store -> store.setVariable(name, attributes, data));
  }

  @Override
  public SpaceAnswer queryVariableInfo(int attributes) {
    return ask(SpaceAnswer.of(EfiStatus.NOT_READY), store -> store.queryVariableInfo(attributes));
  }

  @Override
  public CounterAnswer getNextHighMonotonicCount() {
    return ask(CounterAnswer.of(EfiStatus.NOT_READY), VariableStore::getNextHighMonotonicCount);
  }

  @Override
  public void exitBootServices() {
    tell(VariableStore::exitBootServices);
  }
}
