// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/**
 * Port of the variable store, at the firmware's node. Without a provider every call is NOT_READY: variables are elsewhere for the moment,
 * and neither NOT_FOUND nor an empty store would be true.
 */
public final class VariablesPort extends VariableServicesPort<VariableStore> implements VariableStore {
  @Override
  public void exitBootServices() {
    tell(VariableStore::exitBootServices);
  }

  @Override
  public void verifiesImages(boolean verifies) {
    tell(variables -> variables.verifiesImages(verifies));
  }
}
