// SPDX-License-Identifier: EPL-2.0
/** Scenarios that look into machines: what they wait for, check and flip. */
package org.xenolith.inspect.scenario;
