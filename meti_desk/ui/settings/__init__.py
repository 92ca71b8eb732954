"""設定: who I am, appearance, safety, the state of the set-up."""
