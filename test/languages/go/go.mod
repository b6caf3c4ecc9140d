module example.com/broad

go 1.25

require github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento v0.0.0
