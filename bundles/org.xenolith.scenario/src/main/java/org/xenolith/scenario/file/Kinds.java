// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.util.Map;
import java.util.Set;

/**
 * Kinds of checks, faults and waits that bundles define.
 *
 * @param checks keys by kind
 * @param faults keys by kind
 * @param waits  keys by kind
 */
public record Kinds(Map<String, Set<String>> checks, Map<String, Set<String>> faults, Map<String, Set<String>> waits) {}
