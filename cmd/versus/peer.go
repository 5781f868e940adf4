package main

import "github.com/spf13/cobra"

func (a *app) peer() *cobra.Command {
	return &cobra.Command{Use: "peer", Hidden: true}
}
