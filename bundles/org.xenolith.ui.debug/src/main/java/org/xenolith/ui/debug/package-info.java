// SPDX-License-Identifier: EPL-2.0
/** Machines in the Eclipse Platform's Debug views: a machine is a launch, its CPUs are threads. */
package org.xenolith.ui.debug;
