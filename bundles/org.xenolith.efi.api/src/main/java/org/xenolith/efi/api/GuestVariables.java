// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.util.UUID;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Variables of domains: a store for each, which outlives the domain, and not the machine's reset. A domain is named by its UUID, which one
 * that is built again has again; the first time its store is empty. What each service does is said at {@link VariableStore}.
 */
@ConsumerType
public interface GuestVariables {
  /** The domain begins: its volatile variables are gone, and boot services are there. */
  void begins(UUID domain);

  /** See {@link VariableStore#exitBootServices}. */
  void exitBootServices(UUID domain);

  /** See {@link VariableServices#getVariable}. */
  VariableAnswer getVariable(UUID domain, VariableName name, long bufferSize);

  /** See {@link VariableServices#getNextVariableName}. */
  NameAnswer getNextVariableName(UUID domain, VariableName previous, long bufferSize);

  /** See {@link VariableServices#setVariable}. */
  EfiStatus setVariable(UUID domain, VariableName name, int attributes, byte[] data);

  /** See {@link VariableServices#queryVariableInfo}. */
  SpaceAnswer queryVariableInfo(UUID domain, int attributes);

  /** See {@link VariableServices#getNextHighMonotonicCount}. */
  CounterAnswer getNextHighMonotonicCount(UUID domain);
}
